import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { phase } from "../test/temporary-repo.ts";
import { repoRoot } from "./phases.ts";

const example = (name: string) => join(repoRoot, "docs/examples", name);
const byHand = (request: string) => ["node", example("by-hand.mjs"), request];

/** What `pnpm phase serve WORDS` does, with files beside it. */
function serve(words: readonly string[], input = "") {
  const folder = mkdtempSync(join(tmpdir(), "eightfold-serve-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "README.md"), "# Ladle\n\nScales recipes.\n");
  const pnpm = { npm_lifecycle_event: "phase", npm_package_json: join(repoRoot, "package.json") };
  return phase(repoRoot, ["serve", ...words], { ...pnpm, INIT_CWD: folder }, input);
}

test("a program written with fetch alone gets an answer without a key", () => {
  const { code, stdout, stderr } = serve(["node", example("by-hand-1.mjs"), "My name is Ada."]);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: "Hello, Ada. Ask me for your name in a later turn.\n",
  });
  expect(stderr).toMatch(/^\nserved {2}0\.\d kB\n$/);
});

test("what was said is known because it is sent again", () => {
  const { stdout } = serve(["node", example("by-hand-2.mjs")], "My name is Ada.\nWhat is my name?\n");
  expect(stdout).toContain("Your name is Ada.");
});

test("a tool of the program's own is called, and its result is read", () => {
  const { stdout } = serve(byHand("what is in README.md?"));
  expect(stdout).toContain('• read_file {"path":"README.md"}');
  expect(stdout).toContain("README.md has 4 lines. It begins:\n\n> # Ladle");
});

test("a provider of the reader's own gets an answer without a key too", () => {
  const main = join(repoRoot, "packages/phase-cli/src/main.js");
  const { stdout } = serve([
    "node",
    main,
    "2",
    "start",
    "--model",
    example("provider-7.ts"),
    "what is in README.md?",
  ]);
  expect(stdout).toMatch(/^I will read README\.md\.\n+README\.md has \d+ lines/);
});

test.for([
  ["pieces", "SyntaxError"],
  ["arguments", "SyntaxError"],
])("trouble: %s breaks a program that is not ready for it", ([trouble = "", seen]) => {
  const { code, stderr } = serve(["--trouble", trouble, ...byHand("what is in README.md?")]);
  expect(code).toBe(1);
  expect(stderr).toContain(seen);
});

test("trouble: cut ends the first reply in its middle, busy refuses the first request", () => {
  expect(serve(["--trouble", "cut", ...byHand("what is in README.md?")]).stdout.trim()).toMatch(/^I w/);
  expect(serve(["--trouble", "busy", ...byHand("what is in README.md?")]).stdout).toBe("\n");
});

test("trouble: forever makes the first call for as long as the program asks", () => {
  const script = `
    const { OPENAI_BASE_URL: url, OPENAI_API_KEY: key } = process.env;
    const tools = [{ type: "function", function: { name: "read_file", description: "Reads.", parameters: { type: "object", properties: {} } } }];
    const messages = [{ role: "user", content: "what is in README.md?" }];
    for (let step = 0; step < 3; step++) {
      const headers = { authorization: "Bearer " + key, "content-type": "application/json" };
      const body = JSON.stringify({ model: "demo", stream: true, messages, tools });
      const text = await (await fetch(url + "/chat/completions", { method: "POST", headers, body })).text();
      console.log(text.includes("read_file"));
      messages.push({ role: "assistant", content: null, tool_calls: [{ id: "c" + step, type: "function", function: { name: "read_file", arguments: "{}" } }] });
      messages.push({ role: "tool", tool_call_id: "c" + step, content: "the same" });
    }`;
  const words = ["--trouble", "forever", "node", "--input-type=module", "-e", script];
  expect(serve(words).stdout).toBe("true\ntrue\ntrue\n");
});

test.for<[string[], string]>([
  [["--trouble", "bussy", "true"], 'There is no trouble named "bussy". Did you mean busy?'],
  [["--fault", "busy"], "pnpm phase serve has no flag --fault."],
])("%j is wrong usage, in one line and the usage", ([words, message]) => {
  const { code, stderr } = serve(words);
  expect(code).toBe(2);
  expect(stderr.split("\n")[0]).toBe(message);
});

test("a program that does not exist is named, and one that fails hands on its exit code", () => {
  const missing = serve(["no-such-program"]);
  expect(missing).toMatchObject({
    code: 1,
    stderr: "no-such-program cannot be started: spawn no-such-program ENOENT\n",
  });
  expect(serve(["sh", "-c", "exit 7"])).toMatchObject({
    code: 7,
    stderr: "\nserved  nothing: your program sent no request\n",
  });
});
