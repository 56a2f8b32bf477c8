/**
 * For the `error` of stdout: ends a command that prints. A reader such as `head` has seen enough, and the exit code is the
 * shell's for that; anything else, such as a full disk, is told.
 */
export function endUnwritten(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(141);
  const reason = error.message.replace(/^E[A-Z]+: |, write$/g, "");
  process.stderr.write(`What was to be printed could not be written: ${reason}.\n`);
  process.exit(1);
}
