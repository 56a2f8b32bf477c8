import { isDeepStrictEqual } from "node:util";
import { type JsonObject, stringOf } from "../json.ts";
import { refuse } from "../openai/refusals.ts";
import type { Store } from "./store.ts";

type Issued = Store["issued"][number];

/**
 * Refuses reasoning that does not come back as it was given: whole, unchanged, and directly before the item that
 * it led to. An item of another server or model has no place in the input either.
 */
export function checkReasoning(input: readonly JsonObject[], store: Store): void {
  input.forEach((item, index) => {
    if (item.type === "reasoning") checkItem(item, input[index + 1], store);
    else checkLedTo(item, input[index - 1], store.issued);
  });
}

function checkItem(item: JsonObject, next: JsonObject | undefined, store: Store): void {
  const { issued } = store;
  const id = stringOf(item.id);
  const isKept = store.keepsItem(id);
  const secret = item.encrypted_content;
  if (typeof secret !== "string" && !isKept) throw notPersisted(id);
  const reply = issued.find((items) => items.some((given) => given.id === id));
  const at = reply?.findIndex((given) => given.id === id) ?? -1;
  const given = reply?.[at];
  const isSecret = given?.encrypted_content === secret || (secret === undefined && isKept);
  if (!given || !isSecret || !isDeepStrictEqual(given.summary, item.summary))
    throw badEncryptedContent(stringOf(secret));
  const required = reply?.[at + 1];
  if (!required || !next || !isSameItem(required, next)) throw withoutFollowing(id);
}

/** An item that came with reasoning, and still has its id, is refused without it. */
function checkLedTo(item: JsonObject, previous: JsonObject | undefined, issued: readonly Issued[]): void {
  if (item.id === undefined) return;
  for (const reply of issued) {
    const at = reply.findIndex((given) => given.id === item.id);
    const before = at > 0 ? reply[at - 1] : undefined;
    if (before?.type === "reasoning" && previous?.id !== before.id) {
      throw refuse(
        `Item '${item.id}' of type '${item.type}' was provided without its required 'reasoning' item: '${before.id}'.`,
        { param: "input" },
      );
    }
  }
}

function isSameItem(given: JsonObject, item: JsonObject): boolean {
  if (item.id !== undefined) return item.id === given.id;
  if (given.type === "function_call") return item.type === "function_call" && item.call_id === given.call_id;
  return item.role === "assistant";
}

const withoutFollowing = (id: string) =>
  refuse(`Item '${id}' of type 'reasoning' was provided without its required following item.`, {
    param: "input",
  });

export const notPersisted = (id: string) =>
  refuse(
    `Item with id '${id}' not found. Items are not persisted when \`store\` is set to false. Try again with \`store\` ` +
      "set to true, or remove this item from your input.",
    { status: 404, param: "input" },
  );

export const badEncryptedContent = (secret: string) =>
  refuse(
    `The encrypted content ${secret.slice(0, 4)}...${secret.slice(-4)} could not be verified. Reason: Encrypted ` +
      "content could not be decrypted or parsed.",
    { code: "invalid_encrypted_content" },
  );
