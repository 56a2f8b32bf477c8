import { readFile, runBash } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectEqual, expectText, expectThat } from "../expect.ts";
import { waitFor } from "../wait.ts";

type Line = Readonly<Record<string, unknown>>;

/** A program reads: JSON on stdout, and nothing else there. */
export const headless: readonly Check[] = [
  check("8.json", "--output json: a header, every event, and the result last", async (bench) => {
    await bench.put({ "a.txt": "one\n" });
    await bench.serve([{ text: "I look.", calls: [readFile("a.txt")] }, { text: "It says one." }]);
    const { code, stdout } = await bench.run(["--output", "json", "what is in a.txt?"]);
    const lines = linesOf(stdout);
    const types = lines.map(({ type }) => type);
    expectEqual([types[0], types.at(-1)], ["session", "result"], "the first and the last type");
    expectEqual(lines[0]?.version, 1, "the version");
    for (const type of ["text_delta", "tool_start", "tool_end", "reply_end"]) {
      expectThat(types.includes(type), `an event ${type}`, types);
    }
    const result = lines.at(-1);
    expectEqual([result?.stop, result?.exitCode, code], ["done", 0, 0], "how it ended");
    expectText(String(result?.text), "It says one.", "the answer");
    expectThat(JSON.stringify(result?.usage)?.includes("input"), "usage", result);
  }),

  check("8.json-error", "--output json: an error is a result too", async (bench) => {
    await bench.serve(() => ({ fault: { type: "refusal", name: "bad_key" } }));
    const { code, stdout } = await bench.run(["--output", "json", "hello"]);
    const result = linesOf(stdout).at(-1);
    expectEqual([result?.type, result?.stop, result?.exitCode, code], ["result", "error", 1, 1], "the end");
    expectThat(result?.error !== undefined, "what went wrong", result);
  }),

  check("8.json-interrupted", "--output json: an interrupted turn has a result too", async (bench) => {
    await bench.serve([{ calls: [runBash("touch started; sleep 300")] }]);
    const agent = bench.start(["--output", "json", "go"]);
    await waitFor("the command", () => agent.stdout.includes("tool_start"));
    agent.signal("SIGINT");
    const { code, stdout } = await agent.end();
    const result = linesOf(stdout).at(-1);
    expectEqual(
      [result?.type, result?.stop, result?.exitCode, code],
      ["result", "aborted", 130, 130],
      "the end",
    );
  }),

  check("8.json-usage", "--output json: wrong usage is a result with exit code 2", async (bench) => {
    const { code, stdout } = await bench.run(["--output", "json", "--resume", "../x", "go"]);
    const result = linesOf(stdout).at(-1);
    expectEqual([result?.type, result?.exitCode, code], ["result", 2, 2], "the end");
  }),

  check("8.json-hang-up", "--output json: a reader that goes away is no crash", async (bench) => {
    await bench.serve((_, index) => (index < 40 ? { calls: [runBash(`echo ${index}`)] } : { text: "done" }));
    const agent = bench.start(["--output", "json", "go"]);
    await waitFor("the first line", () => agent.stdout.includes("\n"));
    agent.hangUp();
    const { stderr } = await agent.end();
    expectThat(!/\bat .*:\d+:\d+|EPIPE|unexpected/.test(stderr), "no crash", stderr);
  }),
];

function linesOf(stdout: string): Line[] {
  expectThat(stdout.endsWith("\n"), "a last line that is whole", stdout.slice(-200));
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => {
      try {
        return JSON.parse(line);
      } catch {
        throw new Error(`expected: JSON on every line\nseen: ${line}`);
      }
    });
}
