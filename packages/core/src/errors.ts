import type { ModelError } from "./model.ts";

/** The user asked for something that cannot be done as asked. The message is theirs to read; the exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What an adapter throws when it knows what went wrong. `modelOf` makes a reply of it. */
export class ModelFailure extends Error {
  readonly error: ModelError;

  constructor(error: ModelError) {
    super(error.message);
    this.error = error;
  }
}

/** The stream ended without its terminal marker, so what came is not a reply. Worth another try. */
export function cutOff(message: string): ModelFailure {
  return new ModelFailure({ kind: "cut_off", message, retryable: true });
}

/** The reply came whole and makes no sense: empty, or malformed. Models do that by chance: worth another try. */
export function badReply(message: string): ModelFailure {
  return new ModelFailure({ kind: "bad_reply", message, retryable: true });
}
