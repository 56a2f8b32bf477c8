/** The user asked for something that cannot be done as asked. The message is theirs to read; the exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
