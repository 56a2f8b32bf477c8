import { type JsonObject, objectOf, objectsOf, stringOf } from "../json.ts";
import type { Advise } from "../service.ts";
import { badSignature, missingSignature } from "./refusals.ts";

/** What stands in for a signature in a history that another model made. */
const sentinel = "skip_thought_signature_validator";

/** A signature, the model that gave it, and the call it is on; without one, it is on text. */
export interface IssuedSignature {
  readonly signature: string;
  readonly model: string;
  readonly name?: string;
  readonly id?: string;
  /** False when the reply was cut off: a client may then give up what came of it. */
  readonly isComplete: boolean;
}

/**
 * Refuses thought signatures that do not come back where they were given. In the current turn (since the user last
 * spoke) the first call of each step must have one. See https://ai.google.dev/gemini-api/docs/thought-signatures
 */
export function checkSignatures(
  turns: readonly JsonObject[],
  model: string,
  issued: readonly IssuedSignature[],
  advise: Advise,
): void {
  const known = issued.filter((given) => given.model === model);
  const turn = turns.findLastIndex(({ role, parts }) => role === "user" && objectsOf(parts).some(isText));
  turns.forEach((content, index) => {
    const parts = objectsOf(content.parts);
    for (const part of parts) checkSignature(part, known, advise);
    const first = parts.find((part) => part.functionCall !== undefined);
    if (index < turn || first === undefined || content.role !== "model") return;
    if (first.thoughtSignature === undefined) {
      throw missingSignature(stringOf(objectOf(first.functionCall).name), index + 1);
    }
  });
}

const isText = (part: JsonObject) => part.text !== undefined;

function checkSignature(
  { thoughtSignature, functionCall }: JsonObject,
  known: readonly IssuedSignature[],
  advise: Advise,
): void {
  if (thoughtSignature === undefined) return;
  const { name, id } = objectOf(functionCall);
  if (thoughtSignature === sentinel) {
    // The service takes it anywhere. For a call that has a signature, it hides a lost one.
    const hasOwn = known.some((given) => id !== undefined && given.id === id && given.isComplete);
    if (hasOwn) advise(`the call ${String(name)} ${String(id)} came with a signature, which is lost`);
    if (functionCall === undefined) advise(`a part without a call has the signature "${sentinel}"`);
    return;
  }
  const given = known.find(({ signature }) => signature === thoughtSignature);
  const isMoved = given?.name !== name || (id !== undefined && given?.id !== undefined && given.id !== id);
  if (given === undefined || isMoved) throw badSignature();
}
