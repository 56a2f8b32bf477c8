import { execFile } from "node:child_process";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { RecordedRequest, ScriptedCall } from "@eightfold/wire";
import { CTRL_C } from "../agent-terminal.ts";
import { readFile } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectNoText, expectText, expectThat } from "../expect.ts";
import { expectPrefix, lastUserText, resultsIn } from "../requests.ts";
import { callTools, cutOff, writesArguments } from "../tool-turn.ts";
import { waitFor, within } from "../wait.ts";

/** One tool that reads: calls and their results, calls that are wrong, paths that lead out, files that are too much. */
export const phase2: readonly Check[] = [
  check(
    "2.reads-a-file",
    "read_file has a schema, and brings a file's lines with their numbers",
    async (bench) => {
      await bench.put({ "notes.txt": "alpha\n\tbeta\n" });
      const [text] = await callTools(bench, [readFile("notes.txt")]);
      expectText(text, /^ *1\talpha\n *2\t\tbeta/, "the file's lines, each after its number and a tab");

      const tool = bench.requests[0]?.view.tools.find(({ name }) => name === "read_file");
      expectText(tool?.description, /\w+ \w+/, "a description of read_file");
      expectText(
        JSON.stringify(tool?.parameters),
        /"path":\{[^}]*"string"/i,
        "a schema with the string `path`",
      );
      expectText(
        JSON.stringify(tool?.parameters),
        /"required":\["path"\]/,
        "a schema that requires only `path`",
      );
      expectPrefix(bench.requests[0], bench.requests[1]);
    },
  ),

  check(
    "2.several-calls",
    "each of several calls in one reply gets its own result, in order",
    async (bench) => {
      await bench.put({ "a.txt": "first\n", "c.txt": "third\n" });
      const [a, b, c] = await callTools(
        bench,
        ["a.txt", "b.txt", "c.txt"].map((path) => readFile(path)),
      );
      expectText(a, "first", "the result of the first call");
      expectText(b, "b.txt", "the result of the second call, which names the missing file");
      expectText(c, "third", "the result of the third call");
    },
  ),

  check(
    "2.repeated-ids",
    "a model that uses a call's id again gets a result for each call",
    async (bench) => {
      await bench.put({ "a.txt": "first\n", "b.txt": "second\n", "c.txt": "third\n" });
      const read = (path: string) => ({ ...readFile(path), id: "call_1" });
      const results = await callTools(bench, [read("a.txt"), read("b.txt")], [read("c.txt")]);
      const texts = ["first", "second", "third"];
      for (const [index, text] of texts.entries()) expectText(results[index], text, "a result");
    },
  ),

  check("2.wrong-calls", "a wrong call's result says what is wrong, and the agent goes on", async (bench) => {
    await bench.put({ "a.txt": "fine\n" });
    const wrong: [ScriptedCall, RegExp][] = [
      [{ name: "read_flie", input: { path: "a.txt" } }, /read_file/],
      [{ name: "read_file", input: {} }, /path/],
      [{ name: "read_file", input: { path: 5 } }, /path/],
      [{ name: "read_file", input: { path: "a.txt", limit: "many" } }, /limit/],
      [{ name: "read_file", input: { path: "a.txt", offset: -3 } }, /offset/],
      [{ name: "read_file", input: { path: ["a.txt"] } }, /path/],
    ];
    if (writesArguments(bench)) {
      wrong.push([{ name: "read_file", rawArguments: "" }, /path/]);
      wrong.push([{ name: "read_file", rawArguments: '{"path": "a.txt"' }, /JSON|arguments/i]);
      wrong.push([{ name: "read_file", rawArguments: '["a.txt"]' }, /object|path/i]);
    }
    const calls = wrong.map(([call]) => call);
    const results = await callTools(bench, calls, [readFile("a.txt")]);
    for (const [index, [call, pattern]] of wrong.entries()) {
      expectText(results[index], pattern, `a result that says what is wrong with ${JSON.stringify(call)}`);
      expectNoText(results[index], ["\tfine"], "a call that did not run");
    }
    expectText(results.at(-1), "fine", "the result of the right call after them");
  }),

  check("2.cut-off-call", "calls of a reply that its length limit cut off never run", async (bench) => {
    await bench.put({ "a.txt": "whole\n", "b.txt": "cut\n" });
    const results = await cutOff(bench, [readFile("a.txt"), readFile("b.txt")]);
    for (const text of results)
      expectNoText(text, ["\twhole", "\tcut"], "the result of a call that did not run");
  }),

  check("2.stays-inside", "no path leads out of the workspace", async (bench) => {
    const secret = "the-secret-of-the-neighbour";
    await bench.put({ "notes.txt": "inside\n", "sub/deep.txt": "deep\n" });
    await writeFile(join(bench.outside, "secret.txt"), secret);
    await symlink(join(bench.outside, "secret.txt"), join(bench.folder, "link.txt"));
    await symlink(bench.outside, join(bench.folder, "folder-link"));
    await symlink(join(bench.outside, "nothing.txt"), join(bench.folder, "dangling.txt"));
    const ways = [
      "../outside/secret.txt",
      "sub/../../outside/secret.txt",
      join(bench.outside, "secret.txt"),
      "link.txt",
      "folder-link/secret.txt",
      "folder-link/../outside/secret.txt",
      "dangling.txt",
      "/proc/self/environ",
      "/dev/zero",
      "~/.profile",
      "notes.txt\0.png",
      "\0",
    ];
    const results = await callTools(
      bench,
      ways.map((path) => readFile(path)),
      [readFile("sub/../notes.txt")],
    );
    for (const [index, path] of ways.entries()) {
      expectNoText(results[index], [secret, "PATH=", /^ *1\t/m], `a refusal to read ${JSON.stringify(path)}`);
      expectText(results[index], /\w+ \w+ \w+/, `a sentence about ${JSON.stringify(path)}`);
    }
    expectText(results.at(-1), "inside", "a path that goes up and stays inside, read");
  }),

  check("2.names-what-it-is", "what cannot be read as text is named for what it is", async (bench) => {
    await bench.put({ "src/recipe.js": "1\n", "logo.bin": Buffer.from([0x89, 0x50, 0, 1, 2, 0xff, 0]) });
    await promisify(execFile)("mkfifo", [join(bench.folder, "pipe")]);
    const paths = ["src", "pipe", "logo.bin", "src/recipes.js", "recipe.js"];
    const calls = [...paths.map((path) => readFile(path)), readFile("src/recipe.js", { offset: 99 })];
    const [folder, pipe, binary, typo, misplaced, beyond] = await callTools(bench, calls);
    expectText(folder, /folder|directory/i, "a folder");
    expectText(pipe, /pipe|fifo/i, "a named pipe");
    expectText(binary, /binary/i, "a binary file");
    expectText(typo, "src/recipe.js", "the name that was meant");
    expectText(misplaced, "src/recipe.js", "the place where the file is");
    expectText(beyond, /\b1\b/, "the number of lines that there are");
  }),

  check("2.pages", "a long file comes in pages, and each says how to go on", async (bench) => {
    const lines = Array.from({ length: 4500 }, (_, index) => `line ${index + 1} of many`);
    await bench.put({ "long.txt": `${lines.join("\n")}\n` });
    const [first, second, middle] = await callTools(
      bench,
      [readFile("long.txt")],
      ([page]) => [readFile("long.txt", { offset: nextOffset(page) })],
      [readFile("long.txt", { offset: 4000, limit: 2 })],
    );
    const next = nextOffset(first);
    expectThat(next > 100 && next <= 4500, "a first page of a good size", next);
    expectText(first, `\tline ${next - 1} of many`, "all lines up to the offset that it names");
    expectNoText(first, [`\tline ${next} of many`], "no line from that offset on");
    expectText(second, new RegExp(`^ *${next}\tline ${next} of many`), "a second page from there on");
    expectText(
      middle,
      /^ *4000\tline 4000 of many\n *4001\tline 4001 of many\n[^\t]*$/,
      "two lines and a last word",
    );
  }),

  check("2.bounds-its-results", "no file, however wide, floods the conversation", async (bench) => {
    await bench.put({
      "wide.txt": `${"columns ".repeat(60)}\n`.repeat(1500),
      "one-line.js": `start ${"x".repeat(5_000_000)}`,
    });
    const [wide, oneLine] = await callTools(bench, [readFile("wide.txt"), readFile("one-line.js")]);
    expectText(wide, "columns", "the start of a wide file");
    expectText(oneLine, "start", "the start of a file of one long line");
    for (const text of [wide, oneLine]) {
      expectThat((text?.length ?? 0) <= 60_000, "at most 60,000 characters of a file", text?.length);
      expectText(
        text?.slice(-400),
        /\[|cut|offset|more|characters|bytes/i,
        "an end that says what was left out",
      );
    }
  }),

  check(
    "2.ctrl-c-in-calls",
    "Ctrl-C between, in and after calls leaves a conversation that goes on",
    async (bench) => {
      await bench.put({ "big.txt": "some words in a line\n".repeat(50_000) });
      const calls = Array.from({ length: 12 }, (_, index) =>
        readFile("big.txt", { offset: 4000 * index + 1, limit: 2 }),
      );
      const isAnswered = (request: RecordedRequest) => request.view.messages.at(-1)?.role === "tool";
      await bench.serve((request) => {
        if (isAnswered(request)) return { fault: { type: "stall", at: "headers" } };
        return lastUserText(request).includes("The end.") ? { text: "Still here." } : { calls };
      });
      const terminal = await bench.converse();
      await terminal.ask("Read a lot.");
      await waitFor("a first request", () => bench.requests.length > 0);
      await within("its answer", bench.requests[0]?.closed ?? Promise.resolve());
      terminal.press(CTRL_C);
      await terminal.ask("Read it all.");
      await waitFor("the results of all calls", () =>
        bench.requests.some(
          (request) => isAnswered(request) && lastUserText(request).includes("Read it all."),
        ),
      );
      terminal.press(CTRL_C);
      await terminal.ask("The end.");
      await terminal.shows("Still here.");
      const results = resultsIn(bench.requests.at(-1)).slice(-calls.length);
      for (const text of results) expectText(text, "some words", "the results of the second turn, kept");
    },
  ),
];

/** The offset that the end of a page names. */
function nextOffset(page: string | undefined): number {
  const end = page?.trimEnd().split("\n").at(-1);
  expectText(end, /offset\D{0,4}\d+/, "a last line that names the next offset");
  return Number(/offset\D{0,4}(\d+)/.exec(end ?? "")?.[1]);
}
