/** `pnpm exercise`: whether the reader's answers to the exercises of the book work. */
import { endUnwritten } from "../unwritten.ts";
import { exerciseCommand } from "./command.ts";

process.once("SIGINT", () => process.exit(130));
process.stdout.once("error", endUnwritten);
process.exitCode = await exerciseCommand(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
