import { createJournal, openJournal } from "../src/index.ts";

// A process that opens the last journal of a folder, or a new one, says whether it has it, and holds it until its
// input ends.   node journal-holder.ts FOLDER new|latest

const [root = "", wanted = ""] = process.argv.slice(2);
const tell = (message: string) => process.stdout.write(`${message}\n`);

try {
  const journal =
    wanted === "new" ? await createJournal(root, 1, {}, tell) : await openJournal(root, 1, wanted, tell);
  journal.append({ type: "hello" });
  tell("open");
  for await (const _ of process.stdin);
  journal.append({ type: "bye" });
} catch (error) {
  tell(error instanceof Error ? error.message : String(error));
}
