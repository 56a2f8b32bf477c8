import { describe, expect, test } from "vitest";
import { dialects, startWire } from "../../src/index.ts";
import { hello, post, readRefusal } from "../ask.ts";
import { anthropic } from "./anthropic.ts";
import { chat } from "./chat.ts";
import { gemini } from "./gemini.ts";
import { ollama } from "./ollama.ts";
import { responses } from "./responses.ts";

const requests = { anthropic, chat, gemini, ollama, responses };

describe.each(dialects)("%s", (dialect) => {
  for (const [what, changes, outcome, how = {}] of requests[dialect])
    test(`${what}: ${outcome}`, async () => {
      await using server = await startWire(dialect, () => ({ text: "hi" }), how.options);
      const body = how.raw ?? (typeof changes === "string" ? changes : { ...hello[dialect], ...changes });
      const { status, message } = await readRefusal(await post(server, dialect, body, how.init, how.path));
      if (outcome === "taken") expect(message).toBe("");
      else expect(Math.floor(status / 100)).toBe(4);
      if (outcome instanceof RegExp) expect(message).toMatch(outcome);
    });
});
