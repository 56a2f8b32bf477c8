import { isDeepStrictEqual } from "node:util";
import { type JsonObject, stringOf } from "../json.ts";
import type { Advise } from "../service.ts";
import type { Turn } from "./messages.ts";
import { badSignature, changedThinking, missingThinking, refuse } from "./refusals.ts";

const isThinking = ({ type }: JsonObject) => type === "thinking" || type === "redacted_thinking";

/** What proves that a block is the service's own: the signature, or the text that nobody can read. */
const proofOf = (block: JsonObject) => stringOf(block.signature ?? block.data);

/**
 * Refuses thoughts that do not come back as they were given. While a loop of tools is open, those of the last turn come
 * back to the model that thought them, whole and in order; left out, they are missed where thinking has a budget. What
 * another model or service thought has no valid signature here, and is not missed.
 * See https://docs.claude.com/en/docs/build-with-claude/extended-thinking
 */
export function checkThinking(
  turns: readonly Turn[],
  issued: readonly (readonly JsonObject[])[],
  thinking: string,
  advise: Advise,
): void {
  const known = issued.flat().filter(isThinking);
  for (const { index, blocks } of turns) {
    blocks.forEach((block, at) => {
      if (!isThinking(block)) return;
      const path = `messages.${index}.content.${at}`;
      const given = known.find((other) => other.type === block.type && proofOf(other) === proofOf(block));
      if (!given) throw badSignature(path);
      const { cache_control: mark } = block;
      if (mark !== undefined)
        throw refuse(`${path}.${block.type}.cache_control: Extra inputs are not permitted`);
      if (!isDeepStrictEqual(given, block)) throw changedThinking(path);
    });
    const last = blocks.at(-1);
    if (last && isThinking(last))
      throw refuse("messages: The final block in an assistant message cannot be `thinking`.");
  }
  const loop = turns.at(-1)?.blocks[0]?.type === "tool_result" ? turns.at(-2) : undefined;
  if (loop && thinking !== "disabled") checkOpenLoop(loop, issued, thinking, advise);
}

/** The reply that made the calls, as it was given, and as it has come back. */
function checkOpenLoop(
  { index, blocks }: Turn,
  issued: readonly (readonly JsonObject[])[],
  thinking: string,
  advise: Advise,
): void {
  const ids = blocks.flatMap(({ type, id }) => (type === "tool_use" ? [id] : []));
  const reply = issued.find((given) =>
    given.some(({ type, id }) => type === "tool_use" && id === ids.at(-1)),
  );
  const thoughts = reply?.filter(isThinking) ?? [];
  if (thoughts.length === 0) return;
  const returned = blocks.filter(isThinking);
  if (returned.length === 0 && thinking === "enabled")
    throw missingThinking(`messages.${index}.content.0`, stringOf(blocks[0]?.type));
  if (returned.length === 0) {
    const id = stringOf(ids.at(-1));
    advise(`messages.${index}: the thoughts that led to ${id} are left out, and the model thinks anew`);
    return;
  }
  if (!isDeepStrictEqual(returned.slice(-thoughts.length), thoughts))
    throw changedThinking(`messages.${index}.content.0`);
}
