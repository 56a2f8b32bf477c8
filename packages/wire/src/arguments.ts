import type { ScriptedCall, ScriptedReply } from "./script.ts";

/**
 * The arguments of a reply's call as the model wrote them: JSON, half of it where the output limit came first
 * (the last call of a reply that ends with `length`), or the start of some where the fault is
 * `malformed_arguments`.
 */
export function callArguments(
  { calls, stop, fault }: ScriptedReply,
  index: number,
  call: ScriptedCall,
): string {
  const whole = call.rawArguments ?? JSON.stringify(call.input ?? {});
  if (fault?.type === "malformed_arguments") return `${whole.slice(0, -1)},`;
  const isCut = stop === "length" && index === (calls?.length ?? 0) - 1;
  return isCut ? whole.slice(0, Math.ceil(whole.length / 2)) : whole;
}
