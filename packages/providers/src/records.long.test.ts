import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { reply, type Write } from "../test/dialects.ts";

test.each([
  [
    "chat",
    (content: string) => ({ choices: [{ index: 0, delta: { content }, finish_reason: "stop" }] }),
  ] as const,
  ["gemini", (text: string) => ({ candidates: [{ content: { parts: [{ text }] }, finishReason: "STOP" }] })],
] as const)("%s: what comes late is not lost where each piece is called the last", async (dialect, piece) => {
  const answer: Write = async (response) => {
    response.writeHead(200).write(`data: ${JSON.stringify(piece("Hi"))}\n\n`);
    await sleep(2500);
    response.end(`data: ${JSON.stringify(piece("."))}\n\n`);
  };
  expect((await reply(dialect, [answer])).reply).toMatchObject({ stop: "done", message: { text: "Hi." } });
});
