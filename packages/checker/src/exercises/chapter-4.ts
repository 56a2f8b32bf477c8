import { existsSync } from "node:fs";
import { writeFile as write } from "node:fs/promises";
import { join } from "node:path";
import { editFile, readFile, writeFile } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectBytes, expectNoText, expectText, expectThat } from "../expect.ts";
import { callTools } from "../tool-turn.ts";
import { callNew } from "./tool.ts";

export const chapter4: readonly Check[] = [
  check("4.1", "edit_lines makes its edits in order, and tells how far it got", async (bench) => {
    await bench.put({ "whole.txt": "one\nother\n", "half.txt": "a\nb\nc\nd\ne\n" });
    const edit = (path: string, ...pairs: readonly (readonly [string, string])[]) => ({
      name: "edit_lines",
      input: { path, edits: pairs.map(([old_text, new_text]) => ({ old_text, new_text })) },
    });
    const [, , , failed] = await callNew(
      bench,
      ["edit_lines", "path", "edits", "old_text", "new_text"],
      [readFile("whole.txt"), readFile("half.txt")],
      [
        edit("whole.txt", ["one", "two"], ["two", "three"]),
        edit("half.txt", ["a", "A"], ["b", "B"], ["absent", "C"], ["d", "D"], ["e", "E"]),
      ],
    );
    expectBytes(await bench.read("whole.txt"), "three\nother\n", "whole.txt after two edits, in order");
    const half = (await bench.read("half.txt")).toString();
    expectText(failed, /\bnot\b|\bno\b|fail/i, "a result that says that an edit does not fit");
    if (half === "a\nb\nc\nd\ne\n") return; // all or nothing
    expectBytes(Buffer.from(half), "A\nB\nc\nd\ne\n", "half.txt: nothing behind the edit that does not fit");
    expectText(failed, /\b(?:2|two|3|third)\b/i, "a result that says how many edits are done");
  }),

  check("4.2", "delete_file deletes what was read, and refuses what write_file refuses", async (bench) => {
    await bench.put({ "read.txt": "old\n", "unread.txt": "precious\n", "stale.txt": "old\n" });
    await write(join(bench.outside, "theirs.txt"), "theirs\n");
    const remove = (path: string) => ({ name: "delete_file", input: { path } });
    const results = await callNew(
      bench,
      ["delete_file", "path"],
      [readFile("read.txt"), readFile("stale.txt")],
      async () => {
        await bench.put({ "stale.txt": "old\nand the user's work\n" });
        return ["read.txt", "unread.txt", "stale.txt", "absent.txt", "../outside/theirs.txt"].map(remove);
      },
    );
    const [, unread, stale, absent] = results.slice(2);
    expectThat(!existsSync(join(bench.folder, "read.txt")), "no file read.txt any more", "it is there");
    expectBytes(await bench.read("unread.txt"), "precious\n", "the file that was not read");
    expectText(unread, /read/i, "a result that says to read first");
    expectBytes(
      await bench.read("stale.txt"),
      "old\nand the user's work\n",
      "the file that the user changed",
    );
    expectText(stale, /changed|read/i, "a result that says that the file has changed");
    expectText(absent, /absent\.txt/, "a result that names the file that is not there");
    expectNoText(absent, [/^deleted/i], "a result for a file that is not there");
    expectThat(!existsSync(join(bench.folder, "absent.txt")), "no file absent.txt", "it is there");
    expectBytes(await bench.read("../outside/theirs.txt"), "theirs\n", "the file outside the workspace");
  }),

  check("4.3", "a text with `… rest of the code` in it is refused, and prose is not", async (bench) => {
    await bench.put({ "a.js": "const a = 1;\nconst b = 2;\n" });
    const lazy = "const a = 2;\n// … rest of the code\n";
    const results = await callTools(
      bench,
      [readFile("a.js")],
      [
        editFile("a.js", "const a = 1;\n", lazy),
        writeFile("b.js", lazy),
        writeFile("c.js", "function c() {\n  // ... existing code ...\n}\n"),
        writeFile("notes.md", "The rest of the code is in src. // is a comment there.\n"),
        writeFile("d.js", "// the limit is exclusive\nconst d = 3;\n"),
      ],
    );
    const [edited, written, existing] = results.slice(1);
    expectBytes(await bench.read("a.js"), "const a = 1;\nconst b = 2;\n", "a.js after a lazy edit");
    expectText(edited, "new_text", "a result that names the field");
    for (const [path, text] of [
      ["b.js", written],
      ["c.js", existing],
    ] as const) {
      expectThat(!existsSync(join(bench.folder, path)), `no file ${path} from a lazy write`, "it is there");
      expectText(text, "content", "a result that names the field");
    }
    expectText(await bench.read("notes.md").then(String), "The rest of the code", "prose, which is written");
    expectText(await bench.read("d.js").then(String), "exclusive", "a comment that leaves nothing out");
  }),
];
