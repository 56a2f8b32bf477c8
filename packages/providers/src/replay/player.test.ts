import { expect, test } from "vitest";
import { difference } from "./player.ts";

const body = (...messages: object[]) => JSON.stringify({ model: "m", messages });
const user = (content: string) => ({ role: "user", content });

test.each([
  ["the same", body(user("hi")), body(user("hi"))],
  ["another system prompt", body({ role: "system", content: "a" }, user("hi")), body(user("hi"))],
  ["other tools", JSON.stringify({ tools: [1], input: "hi" }), JSON.stringify({ tools: [2], input: "hi" })],
  ["a mark for the cache", body({ ...user("hi"), cache_control: {} }), body(user("hi"))],
  ["clocks", body(user("at 2026-11-20T15:28:40Z, 0.5 s")), body(user("at 2026-11-29T20:00:01.5Z, 12 ms"))],
  [
    "another copy",
    body(user("/tmp/eightfold-playground-a1/x")),
    body(user("/var/t/eightfold-playground-b2/x")),
  ],
])("%s makes no difference", (_, recorded, asked) => {
  expect(difference(recorded, asked)).toBeUndefined();
});

test.each([
  [
    body(user("run the tests")),
    body(user("run the test")),
    'messages[0].content, at character 12: recorded "run the tests", now "run the test".',
  ],
  [
    body(user("a"), user("exit 1")),
    body(user("a"), user("exit 0")),
    'messages[1].content, at character 5: recorded "exit 1", now "exit 0".',
  ],
  [
    body(user("a")),
    body(user("a"), user("b")),
    'messages[1] was nothing, and is {"role":"user","content":"b"}.',
  ],
  [body({ role: "tool", ok: true }), body({ role: "tool", ok: 1 }), "messages[0].ok was true, and is 1."],
])("the first difference is named, with its place", (recorded, asked, words) => {
  expect(difference(recorded, asked)).toBe(words);
});
