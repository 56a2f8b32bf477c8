import { linkSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { grep, listFiles, readFile } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectEqual, expectNoText, expectText, expectThat } from "../expect.ts";
import { callTools } from "../tool-turn.ts";

/** Two tools that find: what they leave out, in which order, and how they stay short. */
export const phase3: readonly Check[] = [
  check("3.list-grep-read", "list, then grep, then read: an order that nobody wrote", async (bench) => {
    await bench.put({
      "README.md": "parse reads a recipe\n",
      "src/recipe.js": "\nexport function parse(text) {\n  return text;\n}\n",
    });
    const [list, found, text] = await callTools(
      bench,
      [listFiles()],
      [grep("function parse")],
      ([, found]) => [readFile(/^(.+):\d+: /m.exec(found ?? "")?.[1] ?? "no match")],
    );
    expectEqual(list?.split("\n"), ["README.md", "src/", "src/recipe.js"], "the list");
    expectEqual(found?.split("\n"), ["src/recipe.js:2: export function parse(text) {"], "the matches");
    expectText(text, "\texport function parse(text) {", "the file that the match names");
  }),

  check(
    "3.lists-what-counts",
    "a list is sorted, without .git, node_modules and what is gitignored",
    async (bench) => {
      await bench.put({
        ".gitignore": "*.log\n!keep.log\nbuild/\n/only-here.txt\n",
        ".git/config": "",
        ".env.example": "",
        "B.txt": "",
        "a.txt": "",
        "build/out.js": "",
        "debug.log": "",
        "keep.log": "",
        "node_modules/left-pad/index.js": "",
        "only-here.txt": "",
        "sub/.gitignore": "local.txt\n!debug.log\n",
        "sub/debug.log": "",
        "sub/local.txt": "",
        "sub/only-here.txt": "",
        "sub/node_modules/x.js": "",
      });
      const [all, below, shallow, missing] = await callTools(bench, [
        listFiles(),
        listFiles({ path: "sub" }),
        listFiles({ path: ".", depth: 1 }),
        listFiles({ path: "nowhere" }),
      ]);
      const sub = ["sub/.gitignore", "sub/debug.log", "sub/only-here.txt"];
      const paths = (list: string | undefined) =>
        list?.split("\n").filter((line) => line.endsWith("/") || !line.includes(" ")); // without what is said of it
      const top = [".env.example", ".gitignore", "B.txt", "a.txt", "keep.log", "sub/"];
      expectEqual(paths(all), [...top, ...sub], "the whole list");
      expectEqual(paths(below), sub, "the list of a folder");
      expectEqual(paths(shallow), top, "one level");
      expectText(missing, "nowhere", "a result that names the folder which does not exist");
    },
  ),

  check("3.bounds-a-list", "a list of 10,000 files is cut, and says so", async (bench) => {
    await bench.put({ "last/of/all.txt": "" });
    await mkdir(join(bench.folder, "many"));
    // More names for one file: made in a tenth of the time that files take.
    const file = join(bench.folder, "last/of/all.txt");
    for (let index = 0; index < 10_000; index += 1) linkSync(file, join(bench.folder, `many/${index}.txt`));
    const [text] = await callTools(bench, [listFiles()]);
    const lines = text?.split("\n") ?? [];
    expectThat(lines.length > 100 && lines.length <= 2100, "a list of some hundred files", lines.length);
    expectText(text, /^last\/$/m, "the other folders all the same");
    expectText(
      lines.at(-1),
      /\d+ .*(?:path|depth|narrow)/i,
      "a last line that says how much is missing, and what to do",
    );
  }),

  check("3.searches", "grep takes any pattern, and tells a bad one from no match", async (bench) => {
    await bench.put({
      ".gitignore": "*.log\n",
      ".git/config": "needle\n",
      "debug.log": "needle\n",
      "node_modules/x/index.js": "needle\n",
      "logo.bin": Buffer.from("needle\0\x01"),
      "src/a.ts": "first\nneedle -rf --files\n",
      "src/a.js": "needle\n",
      "test/a.ts": "needle\n",
      ".hidden/a.ts": "needle\n",
    });
    const [all, glob, path, file, dash, none, bad, outside] = await callTools(bench, [
      grep("needle"),
      grep("needle", { glob: "*.ts" }),
      grep("need.e", { path: "src" }),
      grep("needle", { path: "src/a.js" }),
      grep("--files"),
      grep("haystack"),
      grep("need(le"),
      grep("root", { path: "/etc/passwd" }),
    ]);
    const hidden = ".hidden/a.ts:1: needle";
    const inSource = ["src/a.js:1: needle", "src/a.ts:2: needle -rf --files"];
    expectEqual(all?.split("\n"), [hidden, ...inSource, "test/a.ts:1: needle"], "all matches, sorted");
    expectEqual(glob?.split("\n"), [hidden, inSource[1], "test/a.ts:1: needle"], "the matches in *.ts");
    expectEqual(path?.split("\n"), inSource, "the matches below src");
    expectEqual(file?.split("\n"), inSource.slice(0, 1), "the matches in one file");
    expectEqual(dash?.split("\n"), inSource.slice(1), "the matches of a pattern that looks like a flag");
    expectText(none, /no match|nothing/i, "a result that says that nothing was found");
    expectText(
      bad,
      /pattern|regex|regular expression|paren|group/i,
      "a result that says what is wrong with the pattern",
    );
    expectNoText(bad, [/no match/i], "a bad pattern");
    expectNoText(outside, ["root:"], "a refusal to search outside the workspace");
  }),

  check(
    "3.bounds-a-search",
    "matches are capped, and a very long line is shown around its match",
    async (bench) => {
      await bench.put({
        "bundle.min.js": `${"a".repeat(600_000)}NEEDLE${"b".repeat(600_000)}\n`,
        "words.txt": "the same words on each of many lines\n".repeat(20_000),
      });
      const [long, many] = await callTools(bench, [grep("NEEDLE"), grep("same words")]);
      expectText(long, /^bundle\.min\.js:1: .*aNEEDLEb/, "the match in a long line");
      expectThat((long?.length ?? 0) < 2_000, "a short preview of a long line", long?.length);
      expectThat((many?.length ?? 0) < 60_000, "at most 60,000 characters of matches", many?.length);
      expectText(many, /^words\.txt:1: the same/, "the first matches");
      expectText(
        many?.split("\n").at(-1),
        /^(?!words\.txt:\d).*\w+ \w+/,
        "a last line that says what is missing",
      );
    },
  ),
];
