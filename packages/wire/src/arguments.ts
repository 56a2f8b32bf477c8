import type { Fault } from "./fault.ts";
import { isObject, type JsonObject, parsed } from "./json.ts";
import type { ScriptedCall, ScriptedReply } from "./script.ts";

/**
 * The arguments of a reply's call as the model wrote them: JSON, half of it where the output limit came first, or
 * the start of some where the fault is `malformed_arguments`.
 */
export function callArguments(reply: ScriptedReply, index: number): string {
  const { input = {}, rawArguments }: Partial<ScriptedCall> = reply.calls?.[index] ?? {};
  const whole = rawArguments ?? JSON.stringify(input);
  if (reply.fault?.type === "malformed_arguments") return brokenArguments(whole);
  return isCutOff(reply, index) ? whole.slice(0, Math.ceil(whole.length / 2)) : whole;
}

/** Whether the output limit came inside this call: it does in the last of a reply that ends with `length`. */
export function isCutOff({ calls, stop }: ScriptedReply, index: number): boolean {
  return stop === "length" && index === (calls?.length ?? 0) - 1;
}

/** The same for services that parse arguments themselves: the object, or undefined for what is none. */
export function writtenInput(
  { input = {}, rawArguments }: ScriptedCall,
  fault: Fault | undefined,
): { raw: string; input: JsonObject | undefined } {
  const whole = rawArguments ?? JSON.stringify(input);
  const raw = fault?.type === "malformed_arguments" ? brokenArguments(whole) : whole;
  const value = parsed(raw);
  return { raw, input: isObject(value) ? value : undefined };
}

const brokenArguments = (whole: string) => `${whole.slice(0, -1)},`;
