/** The arguments of calls, as models write them and servers send them: in pieces, in other types, and twice. */
import type { ToolCall } from "@eightfold/core";
import type { WireRecord } from "./answer.ts";
import { isRecord, toolName } from "./wire-values.ts";

/**
 * Reads the arguments of a tool call, as the model wrote them. Empty text means no arguments. Some models send
 * their object as JSON inside a JSON string: it is unwrapped once. Nothing is guessed or repaired: an object
 * that was cut and then "completed" would run with half of its arguments.
 */
export function parseArguments(text: string): Pick<ToolCall, "input" | "invalid"> {
  // JSON has no space but four letters; some models put others around it, and some gateways a byte order mark.
  const written = text.trim();
  if (written === "") return { input: {} };
  try {
    const value: unknown = JSON.parse(written);
    const input: unknown = typeof value === "string" ? JSON.parse(value) : value;
    if (isRecord(input)) return { input };
  } catch (error) {
    // What the parser expected helps the model; "Unexpected token" helps nobody.
    const { message } = error as Error;
    const reason = /^(Expected|Unterminated|Bad)/.test(message) ? `: ${message}` : "";
    return { input: {}, invalid: `The arguments must be one JSON object. This is not valid JSON${reason}.` };
  }
  return { input: {}, invalid: "The arguments must be one JSON object." };
}

/** Arguments as JSON in a text; some servers send the object itself where text belongs, and the other way round. */
export function argumentsText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Arguments with the next piece of them. Some servers begin with `{}`, send with each piece all before it, or end with the whole once more. */
export function joined(before: string, more: string): string {
  const isObject = /^\s*\{.*\}\s*$/s.test(more);
  // All that came before is not looked at for each short piece: a long call would take the square of its length.
  if (before.length > Math.max(20, more.length) && !isObject) return before + more;
  if (/^\s*(\{\s*\})?\s*$/.test(before)) return more || before;
  if (before.startsWith("{") && more.startsWith(before)) return more;
  if (!isObject || !isWhole(before)) return before + more;
  return isWhole(more) ? more : parseArguments(more).invalid === undefined ? before : before + more;
}

/**
 * Whose call a piece of arguments is that has no id and no name: that of its index, else the last one. The last one too where
 * the other has whole arguments: some servers give all pieces the same index, or count them otherwise than calls.
 */
export function ownerOfPiece<Draft>(
  byIndex: Draft | undefined,
  last: Draft | undefined,
  argumentsOf: (draft: Draft) => string,
): Draft | undefined {
  if (!byIndex || !last || byIndex === last) return byIndex ?? last;
  const [own, latest] = [argumentsOf(byIndex), argumentsOf(last)];
  // `{}` may be a placeholder, but not where the last call has no arguments yet.
  const isDone = isWhole(own) || (own !== "" && latest === "" && parseArguments(own).invalid === undefined);
  return isDone && !isWhole(latest) ? last : byIndex;
}

/** A call, as a model or a server wrote its name and its arguments. */
export function readCall(id: string, name: unknown, written: unknown): ToolCall {
  return { id, name: toolName(name), ...parseArguments(argumentsText(written)) };
}

/** An object with something in it. */
export function isWhole(written: string): boolean {
  if (!['"', "}"].includes(written.trimEnd().at(-1) ?? "")) return false; // it is asked for each piece, and few end so
  const { input, invalid } = parseArguments(written);
  return invalid === undefined && Object.keys(input).length > 0;
}

/** Whether both are whole, and not the same. */
export function areTwo(own: string, given: string): boolean {
  const [first, second] = [own, given].map((each) => JSON.stringify(parseArguments(each)));
  return first !== second && isWhole(own) && isWhole(given);
}

/** Without what came twice, the same to the letter. `said` is what of each is compared. */
export function onlyOnce<Sent>(
  all: readonly Sent[],
  said: (sent: Sent, at: number) => unknown = (sent) => sent,
): Sent[] {
  const written = all.map((sent, at) => JSON.stringify(said(sent, at)));
  return all.filter((_, at) => written.indexOf(written[at] ?? "") === at);
}

/**
 * Takes the calls of each record, and gives those that did not come before: some servers repeat them in their last record, and
 * a command must not run twice for that. Within a record two that are alike are two, unless they share an id.
 */
export function withoutRepetitions() {
  const came = new Set<string>();
  return <Sent>(record: readonly Sent[], callIn: (sent: Sent) => WireRecord | undefined): Sent[] => {
    const said = record.map((sent) => JSON.stringify(callIn(sent)) ?? "");
    const fresh = record.filter((sent, at) => {
      const isAgain = Boolean(callIn(sent)?.id) && said.indexOf(said[at] ?? "") < at;
      return !isAgain && !came.has(said[at] ?? "");
    });
    for (const each of said) if (each !== "") came.add(each);
    return fresh;
  };
}
