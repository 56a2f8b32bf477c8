import { chmod, readdir, stat, symlink, writeFile as write } from "node:fs/promises";
import { dirname, join } from "node:path";
import { editFile, readFile, writeFile } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectBytes, expectEqual, expectNoText, expectText } from "../expect.ts";
import { callTools, cutOff } from "../tool-turn.ts";
import type { Workbench } from "../workbench.ts";
import { editedFiles } from "./edited-files.ts";

/** Two tools that write: exactly what was asked, byte for byte, or nothing. */
export const phase4: readonly Check[] = [
  check(
    "4.creates-and-changes",
    "a file is created, with its folders, and then one line of it changed",
    async (bench) => {
      await callTools(
        bench,
        [writeFile("notes/2026/todo.md", "# To do\n\n- milk\n- flour\n")],
        [editFile("notes/2026/todo.md", "- milk\n", "- oat milk\n")],
        [editFile("empty-old.txt", "", "made by an edit\n"), writeFile("blank.txt", "")],
      );
      expectBytes(
        await bench.read("notes/2026/todo.md"),
        "# To do\n\n- oat milk\n- flour\n",
        "the changed file",
      );
      expectBytes(
        await bench.read("empty-old.txt"),
        "made by an edit\n",
        "a file made by an edit of nothing",
      );
      expectBytes(await bench.read("blank.txt"), "", "an empty file");
      const made = ["blank.txt", "empty-old.txt", "notes"];
      expectEqual(await filesIn(bench), made, "the files, and nothing left beside them");
    },
  ),

  check("4.keeps-bytes", "an edit changes the bytes that it names, and no others", async (bench) => {
    const files = editedFiles;
    await bench.put(Object.fromEntries(files.map(([path, before]) => [path, before])));
    await chmod(join(bench.folder, "run.sh"), 0o755);
    await callTools(
      bench,
      files.map(([path]) => readFile(path)),
      files.map(([path, , [oldText, newText]]) => editFile(path, oldText, newText)),
    );
    for (const [path, , , after] of files) expectBytes(await bench.read(path), after, path);
    const { mode } = await stat(join(bench.folder, "run.sh"));
    expectEqual((mode & 0o777).toString(8), "755", "the mode of run.sh");
  }),

  check(
    "4.refuses-an-edit",
    "an edit that does not fit changes nothing, and its result says why",
    async (bench) => {
      const files = {
        "one.txt": "alpha\nbeta\n",
        "two.txt": "twice\nand twice\n",
        "latin-1.txt": Buffer.from("caf\xe9 = 1\n", "latin1"),
        "logo.bin": Buffer.from("a\0b\xff", "latin1"),
        "number.txt": "5\n",
      };
      await bench.put(files);
      const [none, several, latin, binary, same, exists, missing, noText, wrongType] = await changes(
        bench,
        Object.keys(files),
        [
          editFile("one.txt", "gamma", "delta"),
          editFile("two.txt", "twice", "once"),
          editFile("latin-1.txt", "= 1", "= 2"),
          editFile("logo.bin", "a", "c"),
          editFile("one.txt", "beta", "beta"),
          editFile("one.txt", "", "all new\n"),
          editFile("no.txt", "a", "b"),
          { name: "edit_file", input: { path: "one.txt", old_text: "beta" } },
          { name: "edit_file", input: { path: "number.txt", old_text: 5, new_text: "6" } },
        ],
      );
      await expectUntouched(bench, files);
      expectText(none, /\bnot\b|\bno\b/i, "a result for text that is not in the file");
      expectText(several, /\b2\b|two|twice|several|more than once/i, "a result for text that is there twice");
      expectText(latin, /UTF-8|encoding|binary|text file/i, "a result for a file in another encoding");
      expectText(binary, /binary|UTF-8|text file/i, "a result for a binary file");
      expectText(same, /same|identical|no change|nothing/i, "a result for an edit that changes nothing");
      expectText(exists, /exist|empty|already/i, "a result for creating a file that exists");
      expectText(missing, "no.txt", "a result that names the missing file");
      expectText(noText, "new_text", "a result that names the missing field");
      expectText(wrongType, "old_text", "a result that names the field of the wrong type");
    },
  ),

  check("4.no-blind-writes", "what was not read, or has changed since, is not overwritten", async (bench) => {
    await bench.put({
      "unread.txt": "precious\n",
      "stale.txt": "old\n",
      "stale-2.txt": "old\n",
      "read.txt": "old\n",
    });
    const [, , , unread, stale, stale2, , reread] = await callTools(
      bench,
      [readFile("stale.txt"), readFile("stale-2.txt"), readFile("read.txt")],
      async () => {
        await bench.put({
          "stale.txt": "old\nand the user's work\n",
          "stale-2.txt": "old\nand the user's work\n",
        });
        return [
          writeFile("unread.txt", "gone\n"),
          writeFile("stale.txt", "gone\n"),
          editFile("stale-2.txt", "old", "new"),
          writeFile("read.txt", "new\n"),
        ];
      },
      [readFile("stale-2.txt")],
      [editFile("stale-2.txt", "old", "new")],
    );
    expectBytes(await bench.read("unread.txt"), "precious\n", "the file that was not read");
    expectBytes(
      await bench.read("stale.txt"),
      "old\nand the user's work\n",
      "the file that the user changed",
    );
    expectText(unread, /read/i, "a result that says to read first");
    expectText(stale, /changed|read/i, "a result that says that the file has changed");
    expectText(stale2, /changed|read/i, "a result that says that the file has changed");
    expectText(reread, "user's work", "the file read again");
    expectBytes(
      await bench.read("stale-2.txt"),
      "new\nand the user's work\n",
      "the edit after reading again",
    );
    expectBytes(await bench.read("read.txt"), "new\n", "the file that was read, overwritten");
  }),

  check("4.cut-off-call", "a call that the length limit cut off writes nothing", async (bench) => {
    await cutOff(bench, [writeFile("whole.txt", "whole\n"), writeFile("half.txt", "the first half\n")]);
    expectEqual(await filesIn(bench), [], "the files");
  }),

  check(
    "4.wrong-calls",
    "a write without content, or to where none can be, changes nothing",
    async (bench) => {
      const files = { "kept.txt": "kept\n", "folder/inside.txt": "inside\n", "locked.txt": "locked\n" };
      await bench.put(files);
      await chmod(join(bench.folder, "locked.txt"), 0o444);
      const calls = [
        { name: "write_file", input: { path: "kept.txt" } },
        { name: "write_file", input: { path: "kept.txt", content: null } },
        { name: "write_file", input: { path: "kept.txt", content: { text: "gone" } } },
        writeFile("folder", "gone"),
        writeFile("kept.txt/below.txt", "gone"),
      ];
      // To root, a file that cannot be written is like any other.
      if (process.getuid?.() !== 0)
        calls.push(writeFile("locked.txt", "gone"), editFile("locked.txt", "locked", "gone"));
      const results = await changes(bench, ["kept.txt", "locked.txt"], calls);
      await expectUntouched(bench, files);
      for (const text of results.slice(0, 3)) expectText(text, "content", "a result that names the field");
      expectText(results[3], /folder|directory/i, "a result that says that it is a folder");
      for (const text of results.slice(3))
        expectNoText(text, [/^(?:Created|Wrote|Edited)/], "a result of a failure");
    },
  ),

  check(
    "4.stays-inside",
    "nothing outside the workspace is written, whichever way a path takes",
    async (bench) => {
      const secret = join(bench.outside, "secret.txt");
      await write(secret, "theirs\n");
      await symlink(secret, join(bench.folder, "link.txt"));
      await symlink(bench.outside, join(bench.folder, "folder-link"));
      await symlink(join(bench.outside, "new.txt"), join(bench.folder, "dangling.txt"));
      const ways = [
        "../outside/new.txt",
        secret,
        join(bench.outside, "new.txt"),
        "link.txt",
        "folder-link/new.txt",
        "folder-link/../new.txt",
        "dangling.txt",
      ];
      await callTools(
        bench,
        [readFile("link.txt"), readFile("../outside/secret.txt"), writeFile("sub/../inside.txt", "mine\n")],
        ways.flatMap((path) => [
          writeFile(path, "mine\n"),
          editFile(path, "", "mine\n"),
          editFile(path, "theirs", "mine"),
        ]),
      );
      expectBytes(await bench.read("inside.txt"), "mine\n", "a path that goes up and stays inside");
      expectEqual(await readdir(bench.outside), ["secret.txt"], "the files outside");
      expectEqual(
        (await readdir(dirname(bench.folder))).sort(),
        ["outside", "workspace"],
        "the folder above",
      );
      expectBytes(await bench.read("../outside/secret.txt"), "theirs\n", "the file outside");
    },
  ),
];

/** Reads these files, then makes the calls. Returns the results of the calls. */
async function changes(
  bench: Workbench,
  read: string[],
  calls: Parameters<typeof callTools>[1],
): Promise<string[]> {
  const results = await callTools(
    bench,
    read.map((path) => readFile(path)),
    calls,
  );
  return results.slice(read.length);
}

async function filesIn({ folder }: Workbench): Promise<string[]> {
  return (await readdir(folder)).sort();
}

async function expectUntouched(
  bench: Workbench,
  files: Readonly<Record<string, string | Buffer>>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    expectBytes(await bench.read(path), Buffer.from(content), `${path} untouched`);
  }
}
