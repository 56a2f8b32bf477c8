/** Where a prompt stops beginning as the one before did, and why: from there on, a cache is of no use. */
import { blocksOfText } from "./blocks.ts";
import { pathAt } from "./json-places.ts";
import type { Part } from "./parts.ts";
import { sharedLength } from "./values.ts";

export type CauseKind =
  | "model"
  | "tool_order"
  | "tools"
  | "clock"
  | "identifier"
  | "summarised"
  | "cleared"
  | "dropped"
  | "edited";

export interface Break {
  readonly kind: CauseKind;
  /** In a sentence. */
  readonly cause: string;
  /** The field that differs: `messages[3].content`. */
  readonly path: string;
  /** Of the first character that differs, in the body. */
  readonly offset: number;
  /** The same in bytes. */
  readonly byte: number;
  /** What differs, before and now, with a little of what both have around it. */
  readonly excerpt: {
    readonly head: string;
    readonly was: string;
    readonly is: string;
    readonly tail: string;
  };
}

interface Found {
  readonly kind: CauseKind;
  readonly cause: string;
}

/** Two prompts from their first difference on. */
interface Rest {
  readonly before: readonly Part[];
  readonly after: readonly Part[];
  readonly settings: readonly { readonly before: Part | undefined; readonly after: Part | undefined }[];
  readonly body: string;
}

/** Undefined when everything of the prompt before is still there, in its place. */
export function breakOf({ before, after, settings, body }: Rest): Break | undefined {
  const model = settings.find((change) => change.after?.path === "model");
  if (model?.before && model.after) {
    const cause = `Another model answers: ${model.after.text} after ${model.before.text}. No cache is shared.`;
    return placed({ kind: "model", cause }, model.before, model.after, body);
  }
  const [old, now] = [before[0], after[0]];
  return old && placed(causeOf(old, now, before, after), old, now, body);
}

function causeOf(old: Part, now: Part | undefined, before: readonly Part[], after: readonly Part[]): Found {
  if (old.category === "tools" || now?.category === "tools") return toolsCause(before, after);
  const moving = now && now.category === old.category ? movingValue(old.text, now.text) : undefined;
  if (moving) return moving;
  if (now?.category === "summary") {
    const gone = before.filter(({ text }) => !after.some((part) => part.text === text)).length;
    return {
      kind: "summarised",
      cause: `A summary replaced ${count(gone, "part")} of the conversation.`,
    };
  }
  if (
    old.category === "results" &&
    now &&
    now.text.length < old.text.length &&
    callIdOf(old) === callIdOf(now)
  ) {
    const lengths = `${old.text.length.toLocaleString("en")} characters became ${now.text.length.toLocaleString("en")}`;
    return { kind: "cleared", cause: `An old result was cleared or clipped to save room: ${lengths}.` };
  }
  const later = after.findIndex(({ text }) => text === old.text);
  if (later === -1 && now && before.some(({ text }) => text === now.text)) {
    const gone = before.findIndex(({ text }) => text === now.text);
    return {
      kind: "dropped",
      cause: `${count(gone, "message")} that came before ${gone === 1 ? "was" : "were"} left out.`,
    };
  }
  if (!now)
    return {
      kind: "dropped",
      cause: `${count(before.length, "message")} at the end ${before.length === 1 ? "was" : "were"} left out.`,
    };
  if (later > 0)
    return {
      kind: "edited",
      cause: `${count(later, "part")} ${later === 1 ? "was" : "were"} inserted before what had already been sent.`,
    };
  const what = old.category === "system" ? "The system prompt" : "A message that had already been sent";
  return { kind: "edited", cause: `${what} was edited.` };
}

function toolsCause(before: readonly Part[], after: readonly Part[]): Found {
  const namesIn = (parts: readonly Part[]) =>
    parts.filter(({ category }) => category === "tools").map(toolName);
  const [old, now] = [namesIn(before), namesIn(after)];
  const [gone, fresh] = [
    old.filter((name) => !now.includes(name)),
    now.filter((name) => !old.includes(name)),
  ];
  if (gone.length + fresh.length > 0) {
    const changes = [
      fresh.length > 0 && `with ${fresh.join(", ")}`,
      gone.length > 0 && `without ${gone.join(", ")}`,
    ];
    return {
      kind: "tools",
      cause: `The list of tools changed: it comes ${changes.filter(Boolean).join(" and ")}.`,
    };
  }
  if (old.join() !== now.join()) {
    const cause = `The tools are in another order: ${now[0]} comes where ${old[0]} was. They are the same tools.`;
    return { kind: "tool_order", cause };
  }
  return { kind: "tools", cause: `The declaration of ${now[0]} was edited.` };
}

export function toolName({ text }: Part): string {
  const [tool] = blocksOfText(text);
  return tool?.kind === "tool" ? tool.name : "a tool";
}

const TIME = String.raw`\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?`;
const MONTH = `(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*`;
const CLOCK = new RegExp(
  [
    String.raw`\d{4}-\d{2}-\d{2}(?:[T ]${TIME})?(?:Z|[+-]\d{2}:?\d{2})?`,
    String.raw`(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? )?(?:${MONTH} \d{1,2}|\d{1,2}\.? ${MONTH})(?:,? \d{4})?`,
    String.raw`\d{1,2}[/.]\d{1,2}[/.]\d{4}`,
    TIME,
    String.raw`(?<!\d)1[5-9]\d{8}(?:\d{3})?(?!\d)`, // seconds or milliseconds since 1970
  ].join("|"),
  "g",
);
const IDENTIFIER = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![\w-])(?=[\w-]*\d)[\w-]{12,}(?![\w-])/gi;

/** Texts that are the same except for times, or except for identifiers. */
function movingValue(old: string, now: string): Found | undefined {
  const kinds = [
    { kind: "clock", name: "A clock", pattern: CLOCK },
    { kind: "identifier", name: "An identifier that is new in each request", pattern: IDENTIFIER },
  ] as const;
  const [one, other] = [old.replaceAll("\\n", "\n"), now.replaceAll("\\n", "\n")];
  for (const { kind, name, pattern } of kinds) {
    if (one === other || one.replaceAll(pattern, "#") !== other.replaceAll(pattern, "#")) continue;
    const [was, is] = [one.match(pattern) ?? [], other.match(pattern) ?? []];
    const at = was.findIndex((text, index) => text !== is[index]);
    return { kind, cause: `${name}: “${is[at]}” was “${was[at]}” in the request before.` };
  }
  return undefined;
}

function callIdOf({ text }: Part): string | undefined {
  const [block] = blocksOfText(text);
  return block?.kind === "result" ? block.id : undefined;
}

/** How much is shown of what both texts have, and of what differs, in characters. */
const AROUND = 48;
const LONGEST = 160;

function placed(found: Found, old: Part, now: Part | undefined, body: string): Break {
  const text = now?.text ?? "";
  const at = sharedLength(old.text, text);
  const marks = now ? body.slice(now.start, now.end).length - text.length : 0;
  // A mark for the cache ends a part, and counts only when it lies before the difference.
  const offset = now ? now.start + at + (at === text.length ? marks : 0) : body.length;
  const path = pathAt(body, Math.min(offset, (now?.end ?? body.length) - 1)) || (now?.path ?? old.path);
  const byte = new TextEncoder().encode(body.slice(0, offset)).length;
  return { ...found, path, offset, byte, excerpt: excerptOf(old.text, text, at) };
}

function excerptOf(old: string, now: string, at: number): Break["excerpt"] {
  const most = Math.min(old.length, now.length) - at;
  let tail = 0;
  while (tail < most && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const clipped = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
  const differing = (text: string) => clipped(text.slice(at, text.length - tail));
  const end = old.slice(old.length - tail);
  return {
    head: old.slice(Math.max(0, at - AROUND), at),
    was: differing(old),
    is: differing(now),
    tail: end.slice(0, AROUND),
  };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
