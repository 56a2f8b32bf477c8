import { grep, listFiles } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectNoText, expectText, expectThat } from "../expect.ts";
import { callTools } from "../tool-turn.ts";
import { callNew } from "./tool.ts";

export const chapter3: readonly Check[] = [
  check("3.1", "grep prints each path once, and its matches below it", async (bench) => {
    await bench.put({
      "a.txt": "needle one\nhay\nneedle two\n",
      "src/b.txt": "hay\n  a needle: three\n",
      "src/c.txt": "hay\n",
    });
    const [text, none] = await callTools(bench, [grep("needle"), grep("absent")]);
    const groups =
      /^a\.txt:?\n {2}1: needle one\n {2}3: needle two\n+src\/b\.txt:?\n {2}2: +a needle: three$/m;
    expectText(text, groups, "each path on a line of its own, then its matches as `  line: text`");
    expectNoText(text, ["c.txt"], "the result");
    expectText(none, /\bno\b.*match|nothing/i, "a result for a pattern that is nowhere");
  }),

  check("3.2", "list_files takes a `glob`, and tells when its limit may hide a match", async (bench) => {
    const many = Array.from({ length: 600 }, (_, number) => [`docs/page-${1000 + number}.md`, ""]);
    await bench.put({ ...Object.fromEntries(many), "src/a.js": "", "src/deep/b.js": "", "src/c.ts": "" });
    await bench.put({ "docs/the-last.js": "" });
    const list = (glob: string, more = {}) => ({
      name: "list_files",
      input: { ...listFiles(more).input, glob },
    });
    const [found, cut, none] = await callNew(
      bench,
      ["list_files", "glob"],
      [list("src/**/*.js", { path: "src" }), list("docs/*.js"), list("src/*.py", { path: "src" })],
    );
    for (const path of ["a.js", "deep/b.js"]) expectText(found, path, "the files that match src/**/*.js");
    expectNoText(found, ["c.ts", "page-"], "the files that match src/**/*.js");
    expectThat(
      cut?.includes("docs/the-last.js") === true || /\b(?:500|60\d)\b/.test(cut ?? ""),
      "docs/the-last.js for docs/*.js among 600 other files, or the word that not all were looked at",
      cut,
    );
    expectNoText(none, ["a.js", "c.ts"], "the files that match src/*.py");
  }),

  check("3.3", "grep takes `context`, up to 3, and numbers the lines around a match", async (bench) => {
    const lines = ["one", "two", "three", "needle", "five", "six", "seven", "eight"];
    await bench.put({ "a.txt": `${lines.join("\n")}\n`, "first.txt": "needle at the start\nafter\n" });
    const around = (context: number) => ({ name: "grep", input: { pattern: "needle", context } });
    const [text, plain, wide] = await callNew(
      bench,
      ["grep", "context"],
      [around(2), grep("needle"), around(9)],
    );
    const numbered = /^ *2\ttwo\n *3\tthree\n *4\tneedle\n *5\tfive\n *6\tsix$/m;
    expectText(text, numbered, "two lines before and after, as read_file numbers them");
    expectNoText(text, ["one\n", "seven"], "a result with two lines around each match");
    expectText(
      text,
      /^ *1\tneedle at the start\n *2\tafter$/m,
      "the lines around a match at the start of a file",
    );
    expectText(plain, "a.txt:4: needle", "the result without `context`, as before");
    expectNoText(wide, ["eight"], "a result for 9 lines: three are the most");
  }),
];
