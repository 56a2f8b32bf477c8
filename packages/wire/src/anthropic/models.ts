import { type JsonObject, objectOf, objectsOf, stringOf } from "../json.ts";
import { refuse, wrongInput } from "./refusals.ts";

/** What models of one generation have in common. https://platform.claude.com/docs/en/build-with-claude/thinking */
interface Generation {
  readonly names: RegExp;
  /** What `thinking.type` may be. The first is meant where the request says nothing. */
  readonly thinking: readonly string[];
  /** Whether they give their thoughts where the request does not say so; else only the signature. */
  readonly tellsThoughts?: boolean;
  /** Whether they take a temperature. */
  readonly takesSampling?: boolean;
  /** Whether they can be made to call a tool. */
  readonly takesForce?: boolean;
  /** Whether they go on with an answer that the client has begun. */
  readonly takesPrefill?: boolean;
  /** Whether they take the highest efforts only with their thoughts. */
  readonly thinksAtHighEffort?: boolean;
  readonly longestReply: number;
}

const longestReply = 128_000;
const early = { tellsThoughts: true, takesSampling: true, takesForce: true } as const;

const generations: readonly Generation[] = [
  { names: /claude-(opus-5-5|(fable|mythos)-5-\d\b)/, thinking: ["adaptive"], longestReply },
  {
    names: /claude-sonnet-5-5/,
    thinking: ["adaptive", "between_tools"],
    thinksAtHighEffort: true,
    longestReply,
  },
  { names: /claude-(fable|mythos)-5/, thinking: ["adaptive"], takesForce: true, longestReply },
  {
    names: /claude-(opus-5|haiku-5-5)/,
    thinking: ["adaptive", "disabled"],
    takesForce: true,
    thinksAtHighEffort: true,
    longestReply,
  },
  { names: /claude-sonnet-5/, thinking: ["adaptive", "disabled"], takesForce: true, longestReply },
  { names: /claude-opus-4-[78]/, thinking: ["disabled", "adaptive"], takesForce: true, longestReply },
  {
    names: /claude-(opus|sonnet)-4-6/,
    thinking: ["disabled", "adaptive", "enabled"],
    ...early,
    longestReply,
  },
  {
    names: /claude-(\d|(opus|sonnet|haiku)-4)/,
    thinking: ["disabled", "enabled"],
    ...early,
    takesPrefill: true,
    longestReply: 64_000,
  },
];

/** The models of servers that imitate the service think when they are told to, in whatever way. */
const others: Generation = {
  names: /(?:)/,
  thinking: ["disabled", "adaptive", "enabled"],
  ...early,
  takesPrefill: true,
  longestReply,
};

export function generationOf(model: unknown): Generation {
  return generations.find(({ names }) => names.test(stringOf(model))) ?? others;
}

/** What `thinking.type` is: the request's, or the model's own. */
export function thinkingOf({ thinking, model }: JsonObject): string {
  return stringOf(objectOf(thinking).type) || (generationOf(model).thinking[0] ?? "");
}

/** Whether a reply to this body may begin with thoughts, and whether they can be read. */
export function thoughtsOf(body: JsonObject): "told" | "signed" | "none" {
  const type = thinkingOf(body);
  if (type === "disabled" || (type === "between_tools" && !answersCalls(body))) return "none";
  const { tellsThoughts = false } = generationOf(body.model);
  const { display } = objectOf(body.thinking);
  return (display ?? (tellsThoughts && "summarized")) === "summarized" ? "told" : "signed";
}

const answersCalls = ({ messages }: JsonObject) =>
  objectsOf(objectsOf(messages).at(-1)?.content).some(({ type }) => type === "tool_result");

/** Refuses a way of thinking that the model does not have. */
export function checkThinkingType({ model, thinking, output_config: config }: JsonObject): void {
  const { type, display } = objectOf(thinking);
  const { thinking: known, thinksAtHighEffort } = generationOf(model);
  if (!known.includes(stringOf(type))) throw notSupported(stringOf(type), known);
  if (display !== undefined && display !== null && !["summarized", "omitted"].includes(stringOf(display)))
    throw wrongInput(`thinking.${type}.display`, "'summarized' or 'omitted'");
  const { effort } = objectOf(config);
  if (!thinksAtHighEffort || type === "adaptive" || (effort !== "xhigh" && effort !== "max")) return;
  throw refuse(
    `output_config.effort '${effort}' is not supported when thinking is disabled on this model. Use effort 'high' or ` +
      "below, or enable thinking.",
  );
}

function notSupported(type: string, known: readonly string[]) {
  if (type === "adaptive") return refuse("adaptive thinking is not supported on this model");
  const said = `"thinking.type.${type}" is not supported for this model.`;
  if (type === "between_tools") return refuse(said);
  const lowest = known.includes("between_tools")
    ? '"thinking.type.between_tools" for the lowest thinking setting, or '
    : "";
  return refuse(
    `${said} Use ${lowest}"thinking.type.adaptive" and "output_config.effort" to control thinking behavior.`,
  );
}
