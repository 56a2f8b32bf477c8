import { chmod, stat } from "node:fs/promises";
import { join } from "node:path";
import { expectBytes, expectEqual } from "../../expect.ts";
import type { Bench } from "../bench.ts";
import type { AgentCheck } from "../check.ts";
import { calls } from "../dialogue.ts";

/** Changes on disk: exactly what was asked, in bytes, or nothing at all. */
export const write: readonly AgentCheck[] = [
  {
    id: "write.creates",
    level: "core",
    title: "a new file holds exactly what the model wrote, in a folder that is new too",
    needs: ["write"],
    hint: "Write the text as UTF-8, byte for byte, and make the folders above it.",
    more: "Do not add or remove a line end at the end of the file, and do not wrap, trim or escape.",
    async run(bench) {
      const content = 'const a = "$&";\n\t// naïve · 数据\n\nlast line without an end';
      await calls(bench, [bench.call("write", { path: "made/new/file.js", content })]);
      expectBytes(await bench.bytes("made/new/file.js"), content, "made/new/file.js");
    },
  },
  {
    id: "write.edits",
    level: "core",
    title: "an edit changes what it names, and not a byte beside it",
    needs: ["edit"],
    hint: "Replace the old text by the new one, and write everything else back as it was.",
    more: "Read and write bytes, or text in the encoding of the file.",
    async run(bench) {
      await editAndCompare(
        bench,
        "one\n\tport = 3000\nthree",
        "port = 3000",
        "port = 4000",
        "one\n\tport = 4000\nthree",
      );
    },
  },
  {
    id: "write.dollars",
    level: "core",
    title: "an edit writes `$&`, `$1` and backslashes as they are",
    needs: ["edit"],
    hint: "Give a function to replace(): in a string, $& and $1 have a meaning. So have \\1 and \\n elsewhere.",
    more: "In JavaScript text.replace(old, () => new); in Python str.replace; in sed nothing is safe.",
    async run(bench) {
      const replacement = String.raw`cost = "$& $1 \1 \n $$"`;
      await editAndCompare(bench, "a\ncost = 1\nb\n", "cost = 1", replacement, `a\n${replacement}\nb\n`);
    },
  },
  {
    id: "write.crlf",
    level: "core",
    title: "an edit keeps the line ends of a file that has CRLF",
    needs: ["edit"],
    hint: "Do not let your language translate line ends when it reads or writes.",
    more: "Python's open() does, unless newline='' is given. A model writes \\n: match it against \\r\\n, and write \\r\\n.",
    async run(bench) {
      await editAndCompare(bench, "one\r\ntwo\r\nthree\r\n", "two", "2", "one\r\n2\r\nthree\r\n");
    },
  },
  {
    id: "write.bom",
    level: "core",
    title: "an edit keeps a byte order mark",
    needs: ["edit"],
    hint: "Decode without dropping the mark, or put it back when you write.",
    more: "new TextDecoder() drops it, unless ignoreBOM is set; Python's utf-8-sig drops it too.",
    async run(bench) {
      await editAndCompare(bench, "\ufeffone\ntwo\n", "two", "2", "\ufeffone\n2\n");
    },
  },
  {
    id: "write.latin-1",
    level: "core",
    title: "an edit keeps bytes that are not UTF-8, or refuses the file",
    needs: ["edit"],
    hint: "Decode strictly, and refuse a file whose bytes are not UTF-8; or edit bytes.",
    more: "A decoder that puts U+FFFD for what it cannot read destroys the file when it is written back.",
    async run(bench) {
      const before = Buffer.from("caf\xe9 = 1\nport = 3000\n", "latin1");
      const after = Buffer.from("caf\xe9 = 1\nport = 4000\n", "latin1");
      await edit(bench, before, "port = 3000", "port = 4000");
      const seen = await bench.bytes("file.txt");
      const isKept = seen.equals(before) || seen.equals(after);
      expectBytes(isKept ? after : seen, after, "file.txt, changed in its second line or not at all");
    },
  },
  {
    id: "write.mode",
    level: "core",
    title: "an edit keeps the mode of a file",
    needs: ["edit"],
    hint: "A file that is replaced by a new one needs the old one's mode.",
    more: "Write in place, or copy mode and owner to the new file before it is renamed.",
    async run(bench) {
      await bench.put({ "file.txt": "#!/bin/sh\necho 1\n" });
      await chmod(join(bench.folder, "file.txt"), 0o750);
      await readAndEdit(bench, "echo 1", "echo 2");
      expectBytes(await bench.bytes("file.txt"), "#!/bin/sh\necho 2\n", "file.txt");
      const { mode } = await stat(join(bench.folder, "file.txt"));
      expectEqual((mode & 0o777).toString(8), "750", "the mode of file.txt");
    },
  },
  {
    id: "write.not-there",
    level: "core",
    title: "an edit of a text that is not there changes nothing",
    needs: ["edit"],
    hint: "Answer that the text was not found, and leave the file alone.",
    more: "Do not append, do not guess at something alike.",
    async run(bench) {
      await editAndCompare(bench, "one\ntwo\n", "a text that is nowhere", "three", "one\ntwo\n");
    },
  },
  {
    id: "write.ambiguous",
    level: "core",
    title: "an edit of a text that is there twice does not choose one by itself",
    needs: ["edit"],
    hint: "Say how often the text is there, and ask for more of its surroundings.",
    more: "The first place is the wrong one as often as not, and nobody notices. Changing all of them is a choice that the model has to make.",
    async run(bench) {
      const text = "count = 1\nother\ncount = 1\n";
      await editAndCompare(bench, text, "count = 1", "count = 2", text);
    },
  },
  {
    id: "write.no-blind-writes",
    level: "policy",
    title: "a file that the model has not read is not overwritten",
    needs: ["write"],
    hint: "Remember which files were read, and refuse to overwrite the others.",
    more: "A model that has not seen a file writes what it imagines.",
    async run(bench) {
      await bench.put({ "file.txt": "precious\n" });
      await calls(bench, [bench.call("write", { path: "file.txt", content: "guessed\n" })]);
      expectBytes(await bench.bytes("file.txt"), "precious\n", "file.txt");
    },
  },
];

async function editAndCompare(bench: Bench, before: string, old: string, replacement: string, after: string) {
  await edit(bench, before, old, replacement);
  expectBytes(await bench.bytes("file.txt"), after, "file.txt");
}

async function edit(bench: Bench, before: string | Buffer, old: string, replacement: string): Promise<void> {
  await bench.put({ "file.txt": before });
  await readAndEdit(bench, old, replacement);
}

/** Many agents edit only what they have read. */
async function readAndEdit(bench: Bench, old: string, replacement: string): Promise<void> {
  const canRead = bench.subject.tools.some(({ role }) => role === "read");
  const reading = canRead ? [[bench.call("read", { path: "file.txt" })]] : [];
  await calls(bench, ...reading, [bench.call("edit", { path: "file.txt", old, new: replacement })]);
}
