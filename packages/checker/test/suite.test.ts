import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { preflight } from "../src/suite/preflight.ts";
import { reportIn } from "../src/suite/report.ts";
import { recognise } from "../src/suite/roles.ts";
import { agentChecks, chosenChecks, type Verdict } from "../src/suite/run.ts";
import { fromFolder, readSetup } from "../src/suite/setup.ts";

const curl = (path: string) => `sh -c 'curl -s -X POST "$CHECK_URL${path}" -d "{}"; exit 1'`;

test.for([
  ["a program that is not there", "no-such-program-at-all", /cannot be started/],
  [
    "a crash at the start",
    `sh -c 'echo "KeyError: MODEL" >&2; exit 1'`,
    /exit code 1 before it asked the model.*KeyError/,
  ],
  [
    "a wrong protocol",
    curl("/v1/completions"),
    /asked for POST \/v1\/completions, which is not a request for a reply/,
  ],
  ["an agent that reads stdin", "sh -c 'cat'", /ended well, and asked no model.*last argument/],
  [
    "an agent that needs a terminal",
    `sh -c 'echo "Raw mode is not supported: stdin is no TTY" >&2; exit 1'`,
    /wants a terminal/,
  ],
  ["an agent that hangs", "sh -c 'sleep 60'", /did not end: it has done nothing for 4 s/],
] as const)("%s is one clear line", async ([, command, message], { expect }) => {
  const run = preflight({ oneShot: command, env: {}, tools: {} });
  const error = await run.catch((error: Error) => error);
  expect(error).toBeInstanceOf(Error);
  expect((error as Error).message).toMatch(message);
  expect((error as Error).message).not.toContain("\n");
});

test("what an agent has left running is named, and ended", async () => {
  const solution = join(import.meta.dirname, "../../../docs/starters/javascript/solution.mjs");
  const command = `sh -c 'sleep 311 & exec "${process.execPath}" "${solution}" "$1"' sh`;
  const { leaves, subject } = await preflight({ oneShot: command, env: {}, tools: {} });
  expect(leaves).toBe("sleep 311");
  expect(subject.tools.map(({ role }) => role)).toEqual(["read", "list", "search", "edit", "write", "shell"]);
});

test("a file in a command is looked up where the user stands, and a typo in it is told", async () => {
  const folder = await mkdtemp(join(tmpdir(), "it's here-"));
  await writeFile(join(folder, "mine.py"), "");
  expect(fromFolder("python3 -u mine.py --flag=mine.py $HOME/x", folder)).toBe(
    `python3 -u '${folder.replace("'", String.raw`'\''`)}/mine.py' --flag=mine.py $HOME/x`,
  );
  expect(() => fromFolder("python3 mime.py", folder)).toThrow(`There is no file mime.py in ${folder}.`);
});

test.for([
  ['{"oneShot": 5}', '"oneShot" must be a command, as a string.'],
  ['{"onShot": "x"}', 'there is no setting "onShot".'],
  ['{"tools": {"reed": {"name": "x"}}}', '"tools" has no "reed".'],
  ['{"tools": {"read": {}}}', '"tools.read" needs a "name".'],
  ["{", "it cannot be read:"],
  ["[]", "it must be an object."],
])("settings that are wrong are told in one line: %s", async ([text = "", message = ""]) => {
  const folder = await mkdtemp(join(tmpdir(), "settings-"));
  await writeFile(join(folder, "eightfold-check.json"), text);
  expect(() => readSetup("true", folder)).toThrow(message);
});

/** A tool as a request declares it. */
const tool = (name: string, properties: object, required = Object.keys(properties)) => ({
  name,
  parameters: { type: "object", properties, required },
});
const text = { type: "string" };

test("tools of other agents are recognised by name and schema, and called as they want it", () => {
  const offered = [
    tool("view_image", { path: text }),
    tool("read", { filePath: text, limit: { type: "number" } }, ["filePath"]),
    tool("edit", {
      path: text,
      edits: { type: "array", items: { type: "object", properties: { oldText: text, newText: text } } },
    }),
    tool("shell", { command: { type: "array", items: text }, description: text }),
    tool("update_plan", { plan: text }),
  ];
  const found = recognise(offered, {});
  expect(found.map(({ role, name }) => `${role} ${name}`)).toEqual([
    "read view_image",
    "edit edit",
    "shell shell",
  ]);
  const [, edit, shell] = found;
  expect(edit?.call({ path: "a", old: "b", new: "c" }).input).toEqual({
    path: "a",
    edits: [{ oldText: "b", newText: "c" }],
  });
  expect(shell?.call({ command: "ls" }).input).toEqual({
    command: ["bash", "-lc", "ls"],
    description: "check",
  });
  const mapped = recognise(offered, { read: { name: "read", arguments: { path: "filePath" } } });
  expect(mapped[0]?.call({ path: "a" })).toEqual({ name: "read", input: { filePath: "a" } });
});

test("each check has an id of its own, a title that fits a line, and a hint", () => {
  expect(new Set(agentChecks.map(({ id }) => id)).size).toBe(agentChecks.length);
  expect(agentChecks.filter(({ title }) => title.length > 76)).toEqual([]);
  expect(chosenChecks(new Set(["core"]), "write.crlf").map(({ id }) => id)).toEqual(["write.crlf"]);
  expect(chosenChecks(new Set(["core"]), "write").length).toBeGreaterThan(5);
  const isPolicy = ({ level }: { level: string }) => level === "policy";
  expect(chosenChecks(new Set(["core"]), "write").some(isPolicy)).toBe(false);
  expect(chosenChecks(new Set(["core"]), "write.no-blind-writes").every(isPolicy)).toBe(true);
  expect(chosenChecks(new Set(["core"]), "wright")).toEqual([]);
});

test("reports for machines hold each verdict, and what was seen without breaking their form", () => {
  const [check] = agentChecks;
  if (check === undefined) throw new Error("There are no checks.");
  const failed: Verdict = {
    check,
    outcome: "failed",
    message: 'expected: "<a> & b"\nseen: \u0007',
    ms: 1500,
  };
  const skipped: Verdict = { check, outcome: "skipped", message: "it offers no tool", ms: 0 };
  const all = [failed, skipped];
  expect(reportIn("junit", false).end(all)).toContain(
    'failures="1" skipped="1">\n  <testcase classname="chat" name="chat.answers: the request',
  );
  expect(reportIn("junit", false).end(all)).toContain("&quot;&lt;a&gt; &amp; b&quot;&#10;seen: ");
  expect(reportIn("tap", false).end(all)).toMatch(
    /^1\.\.2\nnot ok 1 - chat\.answers.*\n {2}---\n.*\n {2}\.\.\.\nok 2 .*# SKIP it offers no tool\n$/,
  );
  expect(JSON.parse(reportIn("json", false).verdict(failed))).toMatchObject({
    id: "chat.answers",
    outcome: "failed",
  });
  expect(reportIn("text", false).end(all)).toContain(
    'You are at stage "chat", with 1 to mend. Next: --only chat.answers --hint',
  );
});
