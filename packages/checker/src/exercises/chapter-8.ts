import { readFile as read, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { CTRL_D } from "../agent-terminal.ts";
import { readFile } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectEqual, expectNoText, expectText, expectThat } from "../expect.ts";
import { resultsIn, transcript } from "../requests.ts";
import type { Workbench } from "../workbench.ts";
import { expectTool } from "./tool.ts";

const LONG = `${"a line among many others\n".repeat(300)}The locker has number 4711.\n`;

export const chapter8: readonly Check[] = [
  check("8.1", "recall finds in the log what a summary has replaced", async (bench) => {
    await bench.put({ "a.txt": LONG });
    const recall = { name: "recall", input: { text: "the LOCKER has" } };
    await bench.serve(({ view }) => {
      if (view.tools.length === 0) return { text: "## Done\nA file was read." };
      const last = view.messages.at(-1);
      if (last?.role === "user" && last.text.includes("Read")) return { calls: [readFile("a.txt")] };
      if (last?.role === "user" && last.text.includes("Which")) return { calls: [recall] };
      return { text: last?.role === "tool" ? "It is read." : "Hello to you." };
    });
    const terminal = await bench.converse();
    await terminal.ask("Read a.txt.");
    await terminal.shows("It is read.");
    await terminal.ask("Hello.");
    await terminal.shows("Hello to you.");
    await terminal.ask("/compact");
    await terminal.ask("Which number?");
    await terminal.prompt();
    expectTool(bench, "recall", ["text"]);
    const asked = bench.requests.find((request) => transcript(request).includes("Which number?"));
    expectNoText(JSON.stringify(asked?.view), ["4711"], "the request after a summary");
    expectText(resultsIn(bench.requests.at(-1)).at(-1), "4711", "the result of recall");
  }),

  check("8.2", "EIGHTFOLD_SUMMARY_MODEL writes the summaries, and nothing else", async (bench) => {
    await bench.put({ "a.txt": LONG });
    await bench.serve(({ view }, index) => {
      if (view.tools.length === 0) return { text: "## Done\nA file was read." };
      return index === 0 ? { calls: [readFile("a.txt")] } : { text: "It is read." };
    });
    const env = { EIGHTFOLD_SUMMARY_MODEL: "openai:a-cheaper-writer" };
    await bench.run(["Read a.txt."], { env });
    await bench.run(["--resume", "latest", "Hello."], { env });
    await bench.run(["--resume", "latest", "/compact"], { env });
    await bench.run(["--resume", "latest", "And now?"], { env });
    const models = bench.requests.map(({ view, raw }) => [view.tools.length === 0, modelOf(raw)] as const);
    const writers = models.filter(([isSummary]) => isSummary).map(([, model]) => model);
    const others = models.filter(([isSummary]) => !isSummary).map(([, model]) => model);
    expectEqual(writers, ["a-cheaper-writer"], "the model of the request for a summary");
    expectThat(!others.includes("a-cheaper-writer"), "another model for the conversation", others);
    expectText(
      transcript(bench.requests.at(-1)),
      "A file was read.",
      "the summary in the request that follows",
    );
  }),

  check("8.3", "/fork goes on in a copy, and leaves the old session as it was", async (bench) => {
    await bench.serve((_, index) => ({ text: `Answer ${index}.` }));
    const terminal = await bench.converse();
    await terminal.ask("Remember Ada.");
    await terminal.shows("Answer 0.");
    await terminal.prompt();
    const [old = "", ...more] = await sessionFiles(bench);
    expectEqual(more, [], "other sessions before /fork");
    const before = await recordsOf(old);
    await terminal.ask("/fork");
    await terminal.ask("Who was it?");
    await terminal.shows("Answer 1.");
    await terminal.prompt();
    expectText(
      transcript(bench.requests[1]),
      /Remember Ada\..*Answer 0\..*Who was it\?/s,
      "the next request",
    );
    const [copied = old] = (await sessionFiles(bench)).filter((file) => file !== old);
    expectText(await read(copied, "utf8"), "Who was it?", "the records of the new session");
    await terminal.ask("/fork");
    await terminal.prompt();
    terminal.press(CTRL_D);
    await terminal.end();
    expectEqual((await sessionFiles(bench)).length, 3, "session files after a second /fork");
    expectEqual(await recordsOf(old), before, "the old session's records, as they were");
    const { stderr } = await bench.run(["--resume", "latest", "Go on."]);
    expectNoText(stderr, ["interrupted"], "what is said of a copy that was left at once");
    const copy = transcript(bench.requests[2]);
    expectText(copy, /Ada.*Who was it\?.*Go on\.$/s, "the copy of the copy, resumed");
    await bench.run(["--resume", basename(old, ".jsonl"), "Once more."]);
    expectNoText(transcript(bench.requests[3]), ["Who was it?"], "the old session, resumed");
    expectText(transcript(bench.requests[3]), /Ada.*Once more\.$/s, "the old session, resumed");
  }),
];

async function sessionFiles({ state }: Workbench): Promise<string[]> {
  const files = await readdir(state, { recursive: true });
  return files.filter((name) => name.endsWith(".jsonl")).map((name) => join(state, name));
}

/** Without those that say which process has the session. */
async function recordsOf(file: string): Promise<string[]> {
  const lines = (await read(file, "utf8")).split("\n");
  return lines.filter((line) => !/^{"type":"(?:claim|release)"/.test(line));
}

const modelOf = (raw: string): unknown => JSON.parse(raw).model;
