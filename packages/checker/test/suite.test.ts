import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { preflight } from "../src/suite/preflight.ts";
import { agentChecks, chosenChecks } from "../src/suite/run.ts";
import { fromFolder, quoted, readSetup } from "../src/suite/setup.ts";

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
  ["an agent that reads stdin", "sh -c 'cat'", /exit code 0, and asked no model.*last argument/],
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

test("an agent that brings a result without its call is told what the service says of it", async () => {
  const source = `
    const ask = async (messages) => (await (await fetch(process.env.OPENAI_BASE_URL + "/chat/completions", {
      method: "POST",
      headers: { authorization: "Bearer " + process.env.OPENAI_API_KEY },
      body: JSON.stringify({ model: "m", messages, tools: [{ type: "function", function: { name: "read_file",
        parameters: { type: "object", properties: { path: { type: "string" } } } } }] }),
    })).json()).choices[0].message;
    const question = { role: "user", content: process.argv[1] };
    const { tool_calls: [call] = [], content } = await ask([question]);
    if (call) await ask([question, { role: "tool", tool_call_id: call.id, content: "" }]);
    console.log(content);`;
  const oneShot = `${quoted(process.execPath)} --input-type=module -e ${quoted(source)}`;
  const error = await preflight({ oneShot, env: {}, tools: {} }).catch((error: Error) => error);
  expect((error as Error).message).toMatch(
    /^It does not send the result of a call back\. .*exit code 1\. The service refused its last request: .*tool.* It said: /,
  );
  expect((error as Error).message).not.toContain("\n");
});
