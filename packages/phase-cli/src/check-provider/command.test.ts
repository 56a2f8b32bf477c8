import { join } from "node:path";
import { expect, test } from "vitest";
import { check, fileOf } from "../../test/provider.ts";
import { CommandError, repoRoot } from "../phases.ts";
import { checkProvider } from "./command.ts";

test("a failure says what was sent, what came and what to do; what is behind it is not tried", async () => {
  const { printed } = await check(join(repoRoot, "docs/examples/provider-2.ts"));
  expect(printed).toContain(
    `        sent  {"model":"claude-sonnet-5-5","max_tokens":8192,"stream":true,
              "messages":[{"role":"user","content":"Who am I?"}]}
        came  messages ["user: Who am I?"], and not ["user: I am Ada.","assistant:
              Hello.","user: Who am I?"]
        next  map the conversation to messages; the system prompt is a field of
              its own
`,
  );
  expect(printed).toContain("-       not reached: tools, calls,");
});

test.for([
  ["export default (env) => {\n  const a = ;\n};", /mine\.ts:2 cannot be used: Expression expected$/],
  ["export const open = 1;", /mine\.ts cannot be used: its default export has to be a function/],
  [
    "export default () => ({});",
    /mine\.ts cannot be used: .*that returns \{ provider, name, attempt, explain \}/,
  ],
  ['export default () => {\n  throw new Error("no key");\n};', /mine\.ts:2 cannot be used: no key$/],
  ['import "./nothing.ts";', /cannot be used: Cannot find module/],
  ["process.exit(0);", /cannot be loaded: the end of its thread/],
  ["await new Promise(() => {});", /cannot be loaded: the end of its thread/],
] as const)("a file that holds no provider is said to, in a line: %s", async ([text, message]) => {
  const error = await check(fileOf(text)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CommandError);
  expect(error).toMatchObject({ message: expect.stringMatching(message), exitCode: 2 });
  expect(String(error)).not.toContain("\n");
});

test.for([
  [["nope.ts"], /^There is no file .*nope\.ts\.$/],
  [["README.md"], /^README\.md is neither TypeScript nor JavaScript\./],
  [[], /^pnpm phase check-provider FILE/],
  [["--all"], /^pnpm phase check-provider FILE/],
] as const)("wrong usage: %j", async ([words, message]) => {
  await expect(checkProvider(words)).rejects.toThrow(message);
});
