import { serve } from "@eightfold/core/test/scratch-server";
import { openAnthropic } from "../src/anthropic/index.ts";
import { ask } from "./ask.ts";

export const hello = { conversation: [{ role: "user", text: "Hello" }] } as const;

/** The beginning of a block, a part of it, and the end of a reply. */
export const start = (index: number, content_block: object) => ({
  type: "content_block_start",
  ...{ index, content_block },
});
export const delta = (index: number, delta: object) => ({ type: "content_block_delta", index, delta });
export const end = (stop_reason: string, usage?: object) => ({
  type: "message_delta",
  ...{ delta: { stop_reason }, usage },
});

/** The whole text of a reply. */
export const ok = delta(0, { type: "text_delta", text: "ok" });

export const written = (events: readonly object[]) =>
  events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");

/** One reply to a server that sends these events. */
export async function hear(events: readonly object[]) {
  const server = await serve((_, response) =>
    response.writeHead(200, { "content-type": "text/event-stream" }).end(written(events)),
  );
  const env = { ANTHROPIC_API_KEY: "key-1", ANTHROPIC_BASE_URL: server.url };
  return ask(openAnthropic("m", env), hello);
}
