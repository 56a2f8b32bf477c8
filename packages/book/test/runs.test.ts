import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readPage } from "../src/blocks.ts";
import { read } from "../src/reading.ts";
import { openRepo } from "../src/repo.ts";
import { runSlow } from "../src/slow.ts";
import { lines } from "./a-book.ts";

const root = join(import.meta.dirname, "../../..");
const repo = openRepo(root);

/** What a page is with its processes run: the bodies of its blocks, and its failures. */
async function run(...directives: string[]) {
  const reading = read(repo, readPage("docs/x.md", lines(...directives)));
  await runSlow([reading], root);
  const bodies = reading.chapter.page.blocks.flatMap((block) => {
    const content = reading.rendered.get(block);
    return content ? [content.body] : [];
  });
  return {
    bodies,
    failures: reading.failures.map(({ line, block, message }) => `${line}: ${block}: ${message}`),
  };
}

// The output of bash, ls and node differs between systems; the book shows Linux's.
describe.runIf(process.platform === "linux")("a process of the book", { timeout: 120_000 }, () => {
  test("runs in a terminal, in a clone with a fresh playground, without a key", async () => {
    const { bodies, failures } = await run(
      "<!-- run:",
      "ls playground",
      "pnpm -s phase 1 start --cwd playground",
      "> My name is Ada.",
      "> What is my name?",
      "-->",
    );
    expect(failures).toEqual([]);
    expect(bodies[0]?.slice(0, 6)).toEqual([
      "$ ls playground",
      "README.md  package.json  recipes  src  test",
      "$ pnpm -s phase 1 start --cwd playground",
      "Demo: a script, not a language model.",
      "Eightfold · phase 1, chat loop",
      "model   demo · no API key is set, and no Ollama is running · --model changes it",
    ]);
    expect(bodies[0]?.join("\n")).toContain("› What is my name?\n\nYour name is Ada.");
  });

  test("has to end as the block says, and goes on in the same folder when it says so", async () => {
    const { bodies, failures } = await run(
      "<!-- run: echo one > a -->",
      "<!-- run (same folder, exit 3): cat a; exit 3 -->",
      "<!-- run: cat a -->",
      "<!-- run: pnpm test -->",
      "<!-- run: cd playground && pnpm phase 1 start -->",
      "<!-- run: node phases/1-chat-loop/src/main.ts hi -->",
    );
    expect(bodies).toEqual([["$ echo one > a"], ["$ cat a; exit 3", "one"]]);
    expect(failures.sort()).toEqual([
      expect.stringContaining("3: run: cat a: It ends with exit 1, not 0; say (exit 1) if that is right."),
      expect.stringContaining("the book does not run: pnpm test"),
      expect.stringMatching(/pnpm finds no such script in .*playground: phase 1 start/s),
      expect.stringContaining("own Node may be too old for TypeScript: say pnpm exec node."),
    ]);
  });

  test("shows the request of a phase as it is on the wire", async () => {
    const { bodies, failures } = await run(
      '<!-- wire: 2 "what is in README.md?" -->',
      '<!-- wire (request 1, part messages): 2 "what is in README.md?" -->',
      '<!-- wire (part mesages): 1 "hello" -->',
    );
    expect(bodies.map((body) => JSON.parse(body.join("")))).toEqual([
      expect.objectContaining({
        tools: [expect.objectContaining({ type: "function" })],
        messages: [
          { role: "user", content: "what is in README.md?" },
          expect.objectContaining({ role: "assistant" }),
          expect.objectContaining({ role: "tool", tool_call_id: "call_1" }),
        ],
      }),
      [{ role: "user", content: "what is in README.md?" }],
    ]);
    expect(failures).toEqual([
      expect.stringMatching(/^3: wire: .*The request has no mesages. It has: model,/),
    ]);
  });

  test("breaks a phase, whose check then fails", async () => {
    const { bodies, failures } = await run(
      "<!-- break: phases/1-chat-loop/src/agent.ts check=1.recalls -->",
      "```diff",
      "-  conversation.push(reply.message);",
      "```",
      "<!-- run (broken, exit 1): pnpm phase 1 check --only 1.recalls -->",
      "<!-- break: phases/1-chat-loop/src/agent.ts check=1.recalls -->",
      "```diff",
      "-  conversation.push(reply.message);",
      "+  conversation.push(reply.message); // kept",
      "```",
      "<!-- break: phases/1-chat-loop/src/agent.ts check=1.recals -->",
      "```diff",
      "-  return reply.stop;",
      "```",
      "<!-- run (broken): pnpm phase 1 check -->",
    );
    expect(bodies[0]).toContain("0 of 1 checks passed.");
    expect(failures.sort()).toEqual([
      expect.stringMatching(/^11: break: .*Phase 1 has no check 1\.recals\. It has: 1\./),
      expect.stringMatching(/^15: run: .*No break block above it has worked/),
      "6: break: phases/1-chat-loop/src/agent.ts check=1.recalls: 1.recalls passed with the diff applied; it should have failed.",
    ]);
  });

  test("applies an answer, which then type-checks and passes its check", async () => {
    const answer = (line: string) => [
      "```diff",
      " export async function* runTurn(",
      `+${line}`,
      "   request: string,",
      "```",
    ];
    const { failures } = await run(
      "<!-- answer: 1.1 src/agent.ts check=1.recalls -->",
      ...answer("  // The request."),
      "<!-- answer: 1.2 src/agent.ts -->",
      ...answer("  nothing: strin,"),
      "<!-- answer: 1.3 src/agent.ts fails=1.recalls -->",
      ...answer("  // The request."),
      "<!-- answer: 1.4 src/agent.ts -->",
      ...answer("declare global { type strin = string; }"),
    );
    expect(failures.sort()).toEqual([
      "13: answer: 1.3 src/agent.ts fails=1.recalls: 1.recalls passed with the answer; it should have failed.",
      expect.stringMatching(/^19: answer: 1\.4 .* It declares something for all modules/),
      expect.stringMatching(/^7: answer: 1\.2 .*does not type-check:\n(?:.*\n)*.* Cannot find name 'strin'/),
    ]);
  });
});
