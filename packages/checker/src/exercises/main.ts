/** `pnpm exercise`: whether the reader's answers to the exercises of the book work. */
import { exerciseCommand } from "./command.ts";

process.once("SIGINT", () => process.exit(130));
process.stdout.once("error", () => process.exit(141)); // nobody reads on: `| head`
process.exitCode = await exerciseCommand(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
