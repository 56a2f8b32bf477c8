import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Emulator, type Start, startOnScreen } from "../test/fixtures/emulator.ts";

const CTRL_G = "\x07";
const CTRL_X_CTRL_E = "\x18\x05";
const LEFT = "\x1b[D";

/** An editor is a shell script: `$1` is the file. */
function editor(script: string, name = "editor"): { path: string; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "edit.sh");
  writeFileSync(path, `#!/bin/sh\ncd '${folder}'\n${script}\n`);
  chmodSync(path, 0o755);
  return { path, folder };
}

async function startWith(env: Record<string, string>, start: Start = {}): Promise<Emulator> {
  const terminal = startOnScreen([], { ...start, env: { ...start.env, ...env } });
  await terminal.prompted(0);
  return terminal;
}

const lastIs = (terminal: Emulator, row: string) => terminal.until((lines) => lines.at(-1) === row);

test.each([
  ["Ctrl-G", CTRL_G],
  ["Ctrl-X Ctrl-E", CTRL_X_CTRL_E],
])(
  "%s: what is typed goes on in the editor, in a file that is private and gone afterwards",
  async (_, keys) => {
    const { path, folder } = editor(
      'cp "$1" before; echo "$1" > name; stat -c %a "$1" "$(dirname "$1")" > rights; stty -a < /dev/tty > mode; printf "two\\nlines\\n" > "$1"',
      "my editor",
    );
    const terminal = await startWith({ VISUAL: `"${path}"`, EDITOR: "/nowhere" });
    terminal.type(`half a request${LEFT}${keys}`);
    await terminal.until((lines) => lines.slice(-2).join("|") === "› two|  lines");
    const read = (name: string) => readFileSync(join(folder, name), "utf8");
    expect(read("before")).toBe("half a request\n");
    expect(read("rights")).toBe("600\n700\n");
    expect(read("name")).toMatch(/\.md$/m);
    expect(existsSync(read("name").trim())).toBe(false);
    expect(read("mode")).toMatch(/(?<!-)icanon/);
    terminal.type(" more\r");
    await terminal.until(String.raw`asked "two\nlines more"`);
  },
);

test("an editor that writes all over the screen leaves the page as it was, and the keyboard works as before", async () => {
  const { path } = editor('printf "\\033[2J\\033[HEDITOR"; read -r words < /dev/tty; echo "$words" > "$1"');
  const terminal = await startWith({ EDITOR: path });
  terminal.type(CTRL_G);
  await terminal.until((lines) => lines[0] === "EDITOR");
  const before = terminal.drawn().length;
  terminal.resize(60, 20);
  terminal.type("from the editor\n");
  await lastIs(terminal, "› from the editor");
  expect(terminal.drawn().slice(before)).toContain("\x1b[?2004h");
  expect(terminal.page().join("\n")).not.toContain("EDITOR");
  expect(terminal.page().filter((row) => row.startsWith("Eightfold"))).toHaveLength(1);
  terminal.type("!\r");
  await terminal.until('asked "from the editor!"');
});

test.each([
  ["Ctrl-C", "\x03", "INT"],
  ["Ctrl-\\", "\x1c", "QUIT"],
])("an editor gets its arguments, and %s in it is not for us", async (_, keys, signal) => {
  const { path, folder } = editor(
    `echo "$1 $2" > words; trap 'echo late > "$3"; exit 0' ${signal}; echo READY; while :; do sleep 0.1; done`,
  );
  const terminal = await startWith({ EDITOR: `'${path}' --wait "a b"` });
  terminal.type(CTRL_G);
  await terminal.until("READY");
  terminal.type(keys);
  await lastIs(terminal, "› late");
  expect(readFileSync(join(folder, "words"), "utf8")).toBe("--wait a b\n");
});

test.each([
  ["one that is not there", "/no/such/editor", "The editor /no/such/editor cannot be started (ENOENT)."],
  ["one that fails", "sh -c 'echo lost > $0; exit 3'", "The editor ended with exit code 3."],
  ["one that is killed", "sh -c 'kill -9 $$'", "The editor ended with SIGKILL."],
])("%s is told in a line, and what was typed is kept", async (_, EDITOR, message) => {
  const terminal = await startWith({ EDITOR });
  terminal.type(`kept${LEFT}${CTRL_G}`);
  await terminal.until(message);
  await lastIs(terminal, "› kept");
  await terminal.until(() => terminal.cursor().column === 5);
  expect(terminal.page().join(" ")).toContain("What was typed is as it was.");
  terminal.type("!\r");
  await terminal.until('asked "kep!t"');
});

test("an editor that is killed in its own mode of the terminal leaves the mode in which it got it", async () => {
  const { path } = editor("stty raw -echo < /dev/tty; kill -9 $$");
  const through = '"$@"; stty -a | tr " " "\\n" | grep -E "^-?(echo|icanon|opost)$" | sort | tr "\\n" " "';
  const terminal = await startWith({ EDITOR: path }, { through });
  terminal.type(`kept${CTRL_G}`);
  await terminal.until("The editor ended with SIGKILL.");
  await lastIs(terminal, "› kept");
  terminal.type("!\r");
  await terminal.until('asked "kept!"');
  terminal.type("/exit\r");
  await terminal.until("echo icanon opost");
});

test("without VISUAL and EDITOR it is vi, and without vi it is said what to set", async () => {
  const { folder } = editor("");
  const terminal = await startWith({}, { through: `PATH='${folder}' exec "$@"` });
  terminal.type(CTRL_G);
  await terminal.until("No editor is set. VISUAL or EDITOR names it, as in export EDITOR=nano.");
  writeFileSync(join(folder, "vi"), '#!/bin/sh\necho "from vi" > "$1"\n', { mode: 0o755 });
  terminal.type(CTRL_G);
  await lastIs(terminal, "› from vi");
});

test("an emptied file is an empty line, an unchanged one changes nothing, and a long one is a mark", async () => {
  const { path } = editor(
    'case "$(cat "$1")" in empty) : > "$1";; long) seq 200 > "$1";; 1*) tail -1 "$1" > "$1.x"; mv "$1.x" "$1";; esac',
  );
  const terminal = await startWith({ EDITOR: path });
  terminal.type(`empty${CTRL_G}`);
  await lastIs(terminal, "›");
  terminal.type(`same${LEFT}${CTRL_G}x`);
  await lastIs(terminal, "› samxe");
  terminal.type("\x15\x0blong\x07");
  await lastIs(terminal, "› [paste 1: 200 lines]");
  terminal.type(CTRL_G);
  await lastIs(terminal, "› 200");
});

test("what the agent says meanwhile comes when the editor has ended, and so does its question", async () => {
  const { path, folder } = editor(
    "echo EDITING; until [ -e done ]; do sleep 0.05; done; echo 'and this ?.' > \"$1\"",
  );
  const terminal = await startWith({ EDITOR: path }, { agent: "meanwhile-agent" });
  terminal.type("first\r");
  await terminal.until(() => terminal.page().join().includes("w3;"));
  terminal.type(`?\rhalf${CTRL_G}`);
  await terminal.until("EDITING");
  const drawn = terminal.drawn().length;
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(terminal.drawn().slice(drawn)).not.toMatch(/w\d|git push/);
  writeFileSync(join(folder, "done"), "");
  for (const typed of ["\r", ""]) {
    await terminal.until((lines) => lines.at(-1)?.endsWith("say why:") ?? false);
    terminal.type("y\r");
    await terminal.until((lines) => lines.at(-1) === (typed === "" ? "›" : "› and this ?."));
    terminal.type(typed);
  }
  const words = terminal.page().join("").replace(/\s/g, "").match(/w\d+;/g) ?? [];
  expect(words).toEqual(words.map((_, index) => `w${index + 1};`));
});

test("when the terminal is told to end, so is the editor", async () => {
  const { path } = editor("echo $$ > pid; echo EDITING; exec sleep 60");
  const terminal = await startWith({ EDITOR: path });
  terminal.type(CTRL_G);
  await terminal.until("EDITING");
  process.kill(terminal.pid, "SIGTERM");
  expect(await terminal.exitCode).toBe(143);
});

test("a bug while the editor is open leaves the first page of the screen", async () => {
  const { path, folder } = editor("echo EDITING; exec sleep 60");
  const env = { EDITOR: path, LEAVE_ONCE_THERE: join(folder, "go") };
  const terminal = await startWith(env, { agent: "agent" });
  terminal.type(`stray\r${CTRL_G}`);
  await terminal.until("EDITING");
  writeFileSync(env.LEAVE_ONCE_THERE, "");
  expect(await terminal.exitCode).toBe(1);
  await terminal.until("folder  /tmp/project");
});
