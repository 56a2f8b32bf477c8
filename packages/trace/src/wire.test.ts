import { expect, test } from "vitest";
import { beginExchange } from "./exchange.ts";
import { recent } from "./requests.ts";
import { recordEvent } from "./turns.ts";
import { describeLastRequest } from "./wire.ts";

const url = "https://api.example.com/v1/chat/completions?key=k";

function send(body: object, usage = {}): string {
  beginExchange({ method: "POST", url, headers: undefined, body: JSON.stringify(body) });
  recordEvent({ type: "reply_end", provider: "p", model: "m", stop: "done", usage });
  return describeLastRequest();
}

test("/wire tells what is new, how long it is and what was cached, and what broke the prefix", () => {
  Object.assign(recent, { url: "", before: "", last: "" });
  expect(describeLastRequest()).toBe("Nothing was sent yet.");
  const user = { role: "user", content: "héllo" };
  expect(send({ tools: [], messages: [user] })).toBe(
    "- new: user (34 bytes)\n- size: 60 bytes to api.example.com\n- cached: the provider has not counted the request",
  );
  const call = { role: "assistant", content: "" };
  expect(send({ tools: [], messages: [user, call] }, { input: 1200, cached: 1024 })).toBe(
    "- new: assistant (33 bytes)\n" +
      "- size: 94 bytes to api.example.com; it begins with 58 bytes of the one before\n" +
      "- cached: 1,024 of 1,200 tokens",
  );
  expect(send({ tools: [1], messages: [user, { ...call, content: "x" }] }, { input: 9 })).toMatch(
    /^- new: assistant \(34 bytes\); instead of those from message 2 on; changed: tools\n.*begins with 10 bytes.*\n- cached: the provider does not say how many of the 9 tokens$/,
  );
});
