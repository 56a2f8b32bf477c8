/** A command that cannot be carried out. The message is for the user; the exit code is 2 for wrong usage. */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}
