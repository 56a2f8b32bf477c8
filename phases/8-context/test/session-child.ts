import { writeSync } from "node:fs";
import { setImmediate as otherThings } from "node:timers/promises";
import { listJournals } from "@eightfold/journal";
import { newSession, resumeSession, type Session } from "../src/sessions/session.ts";

// A process that keeps a session, to be killed: goes on with the last one of the folder, or begins one, and says
// `ready N` for the N exchanges that it has read back, then the number of each exchange once it is saved.
//   node session-child.ts FOLDER COUNT

const [root = "", count = "0"] = process.argv.slice(2);
const print = (line: string) => writeSync(1, `${line}\n`);
const onTrouble = (message: string) => print(`trouble ${message}`);

async function open(): Promise<Session> {
  const isFirst = (await listJournals(root)).length === 0;
  return isFirst ? newSession(root, onTrouble) : (await resumeSession(root, "latest", onTrouble)).session;
}

const session = await open();
const done = session.log.filter(({ role, text }) => role === "tool" && text.startsWith("#")).length;
print(`ready ${done}`);
for (let number = done; number < done + Number(count); number++) {
  const id = `call-${number}`;
  const call = { id, name: "read_file", input: { path: `${number}.txt` } };
  session.append({ type: "message", message: { role: "user", text: `request ${number}` } });
  session.append({ type: "message", message: { role: "assistant", text: "", toolCalls: [call] } });
  // Now and then a text so long that a kill can come in the middle of its write.
  const text = `#${number} ${"x".repeat(number % 40 === 39 ? 300_000 : 100)}`;
  const message = { role: "tool", callId: id, name: call.name, text, isError: false, summary: "" } as const;
  session.append({ type: "message", message });
  session.endTurn("done", { usage: { input: number } });
  print(String(number));
  await otherThings();
}
