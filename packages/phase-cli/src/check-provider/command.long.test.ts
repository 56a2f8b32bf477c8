import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { check, fileOf } from "../../test/provider.ts";
import { repoRoot } from "../phases.ts";

const whole = join(repoRoot, "docs/examples/provider-7.ts");

// The others are seen to fail in the chapter, step by step.
describe("a provider fails that", () => {
  test.for<[string, string, string, string]>([
    ["asks at another path", "answers", "/v1/messages`", "/v1/message`"],
    ["takes each piece for whole lines", "pieces", "(rest + piece)", "piece"],
    [
      "takes half a reply for a whole one",
      "half",
      'throw failure("cut_off", "the stream ended before the reply did");',
      'return { ...replyOf(blocks, model, "end_turn"), usage };',
    ],
    ["sends empty messages", "silence", "content.length > 0 ?", "content ?"],
    [
      "sends what another model thought",
      "foreign",
      'native?.provider === "mine" && native.model === model',
      "native !== undefined",
    ],
    ["says of nothing that it came", "alive", "alive();", ""],
  ])("%s", async ([, id, good, bad]) => {
    const text = readFileSync(whole, "utf8");
    expect(text).toContain(good);
    expect(await check(fileOf(text.replace(good, bad)))).toMatchObject({ code: 1, failed: [id] });
  });
});

const provider = (attempt: string) =>
  `export default () => ({ provider: "m", name: "x", explain() {}, async *attempt() { ${attempt} } });`;

describe("a provider is ended, and its check fails, when it", () => {
  test.for([
    ["ends the process", "process.exit(0);", "the end of its thread"],
    ["hangs", "await new Promise(() => {});", "nothing in 10 seconds"],
    [
      "throws behind our back",
      'setTimeout(() => { throw new Error("later"); }); await new Promise(() => {});',
      "later",
    ],
    ["throws what is no error", "throw null;", "m failed: null"],
    ["returns no reply", "", "what attempt returns"],
  ])("%s", async ([, attempt = "", came]) => {
    const { code, printed, failed } = await check(fileOf(provider(attempt)));
    expect({ code, failed }).toEqual({ code: 1, failed: ["answers"] });
    expect(printed).toMatch(new RegExp(`\\n {8}came {2}.*${came}`));
  });
});
