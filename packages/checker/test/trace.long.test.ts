import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readTrace } from "@eightfold/trace/read";
import type { Dialect, Script } from "@eightfold/wire";
import { expect, test } from "vitest";
import { phaseSubject } from "../src/index.ts";
import { withWorkbench } from "../src/workbench.ts";

const CANARY = "canary-0123456789-abcdef";

/** Reads a file where it can, and says what is in it. */
const script: Script = ({ view }) => {
  const isFirst = view.messages.length === 1 && view.tools.some(({ name }) => name === "read_file");
  return isFirst ? { calls: [{ name: "read_file", input: { path: "a.txt" } }] } : { text: "It says: héllo." };
};

const dialects: Dialect[] = ["responses", "chat", "anthropic", "gemini", "ollama"];
const rows = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((phase) => dialects.map((dialect) => ({ phase, dialect })));

test.concurrent.for(rows)(
  "phase $phase with $dialect: the trace holds what the server received",
  async ({ phase, dialect }) => {
    await withWorkbench(await phaseSubject(phase, dialect), async (bench) => {
      await bench.put({ "a.txt": `héllo\n${CANARY}\n`, ".env": `OTHER_KEY=${CANARY}\n` });
      await bench.serve(script);
      const file = join(bench.outside, "run.jsonl");
      const env = { SOME_TOKEN: CANARY };
      const first = await bench.run(["--trace", file, "what is in a.txt?"], { env });
      expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining("héllo") });

      const text = await readFile(file, "utf8");
      const { exchanges, lines, unread } = readTrace(text);
      const asked = exchanges.filter(({ request }) => request.step > 0);
      const sent = bench.requests.map(({ raw }) => raw.replaceAll(CANARY, "*".repeat(CANARY.length)));
      expect(asked.map(({ body }) => body)).toEqual(sent);
      expect(asked.length).toBe(phase === 1 ? 1 : 2);
      expect(text).not.toMatch(/canary|sk-wire|sk-ant-wire|AIzaSyWire/);
      expect([unread, lines.at(-1)]).toMatchObject([[], { type: "end", exit: 0 }]);

      if (dialects[phase % dialects.length] !== dialect) return; // each phase plays one of them
      const again = await bench.run(["--model", `replay:${file}`, "what is in a.txt?"], { env });
      expect(again).toMatchObject({ code: 0, stdout: first.stdout });
      expect(bench.requests.length).toBe(sent.length);
    });
  },
);
