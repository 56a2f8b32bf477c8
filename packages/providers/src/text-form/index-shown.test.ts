import { expect, test } from "vitest";
import { textBeforeCalls } from "./index.ts";

/** What is shown of a text that comes in pieces, and what is held at its end. */
function shownOf(pieces: readonly string[]): [shown: string, held: string] {
  const hold = textBeforeCalls();
  const shown = pieces.map((piece) => hold.read(piece)).join("");
  return [shown, hold.rest(Number.POSITIVE_INFINITY)];
}

const json = '{"name": "read_file"}';

test.each([
  ["Let me look.\n\n", `\`\`\`tool\n${json}\n\`\`\``],
  ["Let me look. ", `<tool_call>${json}</tool_call>`],
  ["So:\n", '<tool name="read_file"><path>a</path></tool>'],
  ["So:\n", `<tool_use>${json}</tool_use>`],
  ["So: a < b\n", '<｜DSML｜invoke name="read_file">\n</｜DSML｜invoke>'],
  ["So:\n", "<|channel|>commentary to=functions.read_file<|message|>{}<|call|>"],
  ["So:\n", "[TOOL_CALLS]read_file[ARGS]{}"],
  ["So:\n", "<seed:tool_call>\n<function=read_file>\n</function>\n</seed:tool_call>"],
  ["So:\n", `\`\`\`json\n${json}\n\`\`\`\n`],
  ["So:\n  ", `\`\`\`\n${json}\n`],
  ["", `${json} and more`],
  ["\n ", `${json}`],
  ["", "```tool\n{}\n```\nThe result is"],
])("%j is shown and %j held, however it is cut", (shown, held) => {
  expect(shownOf([shown + held])).toEqual([shown, held]);
  expect(shownOf([...(shown + held)])).toEqual([shown, held]);
});

test.each([
  "Plain text, with {braces}, `code`, a < b and <b>tags</b>.",
  "```js\nconst a = 1;\n```\nDone.",
  "```json\n[1, 2]\n```\nDone.",
  "```\n$ npm test\n```\nThen:",
  `\`\`\`json\n${json}\n\`\`\`\nThat was an example.`,
  "Write `<tool_call>` first.",
  "<toolbar>",
  "<tool_box> and <|im|> and [TOO] and <function f>",
  "`inline` at the start",
])("%j is all shown", (text) => {
  expect(shownOf([text])).toEqual([text, ""]);
  expect(shownOf([...text])).toEqual([text, ""]);
});

test("ordinary text is shown at once, not at the end", () => {
  const hold = textBeforeCalls();
  expect(["The ", "answer", " is ", "`4", "2`"].map((piece) => hold.read(piece))).toEqual([
    "The ",
    "answer",
    " is ",
    "`4",
    "2`",
  ]);
});

test.each([
  `{"name": "write_file", "arguments": {"content": "${"one line ".repeat(99)}"}}`,
  '{\n  "a": 1,\n  "b": ```\n}',
])("an object in a fence is held to its end, and shown when more follows: %j", (object) => {
  const fence = `\`\`\`json\n${object}\n\`\`\`\n\n`;
  expect(shownOf([...fence])).toEqual(["", fence]);
  expect(shownOf([...fence, "N", "ow <tool_call>"])).toEqual([`${fence}Now `, "<tool_call>"]);
  expect(shownOf([fence.slice(0, 30), `${fence.slice(30)}Now`])).toEqual([`${fence}Now`, ""]);
});
