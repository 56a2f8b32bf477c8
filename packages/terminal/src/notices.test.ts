import { expect, test } from "vitest";
import { adviceIn } from "./notices.ts";

const commands = ["/help", "/model", "/approval", "/reset"].map((name) => ({ name, help: "" }));

test.each([
  ["Choose another with --model openai:NAME.", "Choose another with /model openai:NAME."],
  ["Run it in a terminal, or with --approval auto.", "Run it in a terminal, or with /approval auto."],
  ["Start a new conversation, or ask for less.", "Start a new conversation (/reset), or ask for less."],
  ["Name one with --cwd DIR.", "Name one with --cwd DIR."],
])("advice %j is followed by a slash command, where there is one", (advice, inConversation) => {
  expect(adviceIn(advice, commands)).toBe(inConversation);
  expect(adviceIn(advice, [])).toBe(advice);
});
