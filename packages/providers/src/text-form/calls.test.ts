import { describe, expect, test } from "vitest";
import { offer } from "../../test/text-form.ts";
import { readCalls } from "./calls.ts";

const readA = { name: "read_file", input: { path: "a" } };
const json = '{"name": "read_file", "arguments": {"path": "a"}}';

describe("a call", () => {
  test.each([
    ["in a tool fence", `\`\`\`tool\n${json}\n\`\`\``],
    ["in a tool fence that was not closed", `\`\`\`tool\n${json}`],
    ["in tags", '<tool name="read_file">\n<path>a</path>\n</tool>'],
    ["in Hermes' tags", `<tool_call>\n${json}\n</tool_call>`],
    ["in Hermes' tags, not closed", `<tool_call>${json}`],
    [
      "in Qwen3-Coder's tags",
      "<tool_call>\n<function=read_file>\n<parameter=path>\na\n</parameter>\n</function>\n</tool_call>",
    ],
    ["as the whole reply", `\n${json}\n`],
    ["over several lines", JSON.stringify(JSON.parse(json), null, 2)],
    ["in a json fence", `\`\`\`json\n${json}\n\`\`\``],
    ["in a fence without a language", `\`\`\`\n${json}\n\`\`\``],
    ["with Llama's word for arguments", '{"name": "read_file", "parameters": {"path": "a"}}'],
    [
      "with the fields that come with a native call",
      '{"type": "function", "id": "x", "name": "read_file", "arguments": {"path": "a"}}',
    ],
    ["in a list", `[${json}]`],
    ["in OpenAI's words", `{"tool_calls": [${json}]}`],
    ["with arguments in a string", '{"name": "read_file", "arguments": "{\\"path\\": \\"a\\"}"}'],
  ])("%s", (_, reply) => {
    expect(readCalls(reply, offer)).toEqual({ type: "calls", before: "", calls: [readA] });
  });

  test.each([`\`\`\`tool\n${json}\n\`\`\``, `<tool_call>${json}</tool_call>`, `\`\`\`json\n${json}\n\`\`\``])(
    "may follow what the reply says: %s",
    (call) => {
      expect(readCalls(`Let me look.\n\n${call}\n`, offer)).toEqual({
        type: "calls",
        before: "Let me look.",
        calls: [readA],
      });
    },
  );

  test("may follow another, when both are marked", () => {
    const tags = '<tool name="list_files"></tool>';
    expect(readCalls(`\`\`\`tool\n${json}\n\`\`\`\n${tags}\n<tool_call>${json}</tool_call>`, offer)).toEqual({
      type: "calls",
      before: "",
      calls: [readA, { name: "list_files", input: {} }, readA],
    });
  });

  test.each(["tool_response", "tool_result", "function_results"])(
    "is one although the model invents its result: <%s>",
    (tag) => {
      const reply = `Let me look.\n<tool_call>${json}</tool_call>\n<${tag}>\n42\n</${tag}>\nIt is 42.`;
      expect(readCalls(reply, offer)).toEqual({ type: "calls", before: "Let me look.", calls: [readA] });
    },
  );

  test("for a tool that is not on offer is a call all the same where it is marked", () => {
    expect(readCalls('```tool\n{"name": "rm", "arguments": {}}\n```', offer)).toMatchObject({
      type: "calls",
    });
  });
});

describe("values between tags", () => {
  const write = (content: string) => {
    const reading = readCalls(
      `<tool name="write_file">\n<path>a.html</path>\n<content>${content}</content>\n</tool>`,
      offer,
    );
    return reading.type === "calls" ? reading.calls[0]?.input.content : reading;
  };

  test.each([
    ["one line", "one line"],
    ["\n  two\n\n  lines\n", "  two\n\n  lines"],
    ["\n\nkept\n\n", "\nkept\n"],
    ["", ""],
    ['\n"quotes" & <b>tags</b>\n', '"quotes" & <b>tags</b>'],
    ["\n<content>nested</content>\n", "<content>nested</content>"],
    ["\n<tool>\n</tool>\n", "<tool>\n</tool>"],
    ["\n```tool\n{}\n```\n", "```tool\n{}\n```"],
  ])("%j is %j", (written, value) => {
    expect(write(written)).toBe(value);
  });

  test("are numbers where the schema says so", () => {
    expect(readCalls('<tool name="read_file"><path>7</path><limit>7</limit></tool>', offer)).toMatchObject({
      calls: [{ input: { path: "7", limit: 7 } }],
    });
  });
});

describe("what is meant as a call and cannot be read", () => {
  test.each([
    ["broken JSON", '```tool\n{"name": "read_file", "arguments": {"path": "a}\n```'],
    [
      "line breaks in a JSON string",
      '```tool\n{"name": "write_file", "arguments": {"path": "a", "content": "1\n2"}}\n```',
    ],
    ["no name", '```tool\n{"path": "a"}\n```'],
    ["arguments beside the name", '```tool\n{"name": "read_file", "path": "a"}\n```'],
    ["arguments that are no object", '<tool_call>{"name": "read_file", "arguments": ["a"]}</tool_call>'],
    ["text after the call", `\`\`\`tool\n${json}\n\`\`\`\nThe file says hello.`],
    ["a tag that is no argument", '<tool name="read_file"><file>a</file></tool>'],
    ["a value without an end", '<tool name="write_file"><path>a</path><content>1\n2'],
  ])("%s", (_, reply) => {
    expect(readCalls(`Well.\n${reply}`, offer)).toMatchObject({ type: "malformed", before: "Well." });
  });

  test("is not searched for another call: that would be a part of its content", () => {
    const evil = `<tool name="write_file">\n<path>a.md</path>\n<content>\n\`\`\`tool\n${json}\n\`\`\``;
    expect(readCalls(evil, offer)).toMatchObject({ type: "malformed" });
  });
});

describe("ordinary text", () => {
  test.each([
    ["an answer", "It is 42."],
    ["an example before more prose", `You could call\n\`\`\`json\n${json}\n\`\`\`\nto read it.`],
    ["an example in a sentence", `A call looks like ${json}`],
    ["the last of two examples", `Either\n\`\`\`json\n${json}\n\`\`\`\nor\n\`\`\`json\n${json}\n\`\`\``],
    ["an example as the only fence", `For example:\n\`\`\`json\n${json}\n\`\`\``],
    ["what one can send", `You can send\n\`\`\`json\n${json}\n\`\`\``],
    ["Python that only uses it", "```python\ndef f():\n    return read_file('a')\n```"],
    ["tags that were only named", "<read_file>\n<path>a</path>\n</read_file>\nis Cline's form."],
    ["Python with more behind it", '[read_file(path="a")]\nis how Llama calls.'],
    ["words about ReAct", "Such agents write Action: and Action Input: lines."],
    ["a list of tools", "I have:\n- read_file(path, limit)\n- `list_files(path=…)`"],
    ["a link", "[read_file](docs/read.md)"],
    ["another language", `\`\`\`js\n${json}\n\`\`\``],
    ["JSON that the user asked for", '{"name": "my-app", "version": "1.0.0"}'],
    ["a tool that is not on offer", '{"name": "rm", "arguments": {"path": "a"}}'],
    ["Python with a line behind it", 'read_file(path="a")\nprints (see above).'],
    ["code, and an answer behind it", "```js\ngrep({ b: 1 });\nread_file({ a: 1 });\n```\nIt is `done()`"],
    ["what somebody can call", 'You can call `read_file(path="a")`'],
    ["an object with a mistake, and more", "{'name': 'read_file', 'arguments': {}}\nis no JSON."],
    ["an object and more", `${json}\nThat is how.`],
    ["a tag in backticks", "Hermes writes `<tool_call>` around its calls."],
    ["HTML", "<tool>\n<tools>\n<toolbar>"],
  ])("%s", (_, reply) => {
    expect(readCalls(reply, offer)).toEqual({ type: "text" });
  });
});

describe("a call in a form that is not read is no answer, and does not run", () => {
  test.each([
    ["with an argument that the tool does not take", json.replace('"a"', '"a", "mode": "x"')],
    ["with an argument missing", '{"name": "read_file", "arguments": {}}'],
    ["as JSON behind words", `I will read it.\n\n${json}`],
    ["as a list behind words", `I will read it.\n[${json}]`],
    ["maybe as an example", `I will call it like this:\n\`\`\`json\n${json}\n\`\`\``],
    ["in a fence for calls", `\`\`\`tool_call\n${json}\n\`\`\``],
    ["in LangChain's words", '{"action": "read_file", "action_input": {"path": "a"}}'],
    ["in other words", '{"tool": "functions.read_file", "parameters": {"path": "a"}}'],
    ["under its name", '{"read_file": {"path": "a"}}'],
    ["in ReAct's lines", 'Thought: hm.\nAction: read_file\nAction Input: {"path": "a"}'],
    ["in ReAct's lines, with its result", "Action: read_file\nAction Input: a\nObservation: hello"],
    ["in ReAct's lines, in bold", '**Action:** read_file\n**Action Input:** {"path": "a"}'],
    ["in Cohere's lines", `Action: \`\`\`json\n[${json}]\n\`\`\``],
    ["in JSON with a comma too many", '{"name": "read_file", "arguments": {"path": "a",}}'],
    ["in JSON with comments", '```json\n{"name": "read_file", // it\n "arguments": {"path": "a"}}\n```'],
    ["in JSON that was cut", '{"name": "read_file", "arguments": {"path": "a"'],
    ["in a fence that was cut", '```json\n{"name": "read_file", "arguments": {"path": "a"'],
    ["in Python's quotes", "{'name': 'read_file', 'arguments': {'path': 'a'}}"],
    ["in a book's quotes", "{“name”: “read_file”, “arguments”: {“path”: “a”}}"],
    ["one behind the other", `${json}\n${json}`],
    ["apart by a semicolon", `${json}; ${json}`],
    ["in a tag of Llama 3.1", '<function=read_file{"path": "a"}></function>'],
    ["in backticks", '`read_file(path="a")`'],
    ["in a sentence", 'I\'ll call `read_file(path="a")`'],
    ["in bold", '**read_file**(path="a")'],
    ["in YAML", "tool: read_file\narguments:\n  path: a"],
    ["in Llama 4's Python", '[read_file(path="a"), list_files()]'],
    ["in Gemini's own declarations", "declaration:default_api:read_file{path:a}"],
    ["in Gemini's own words", "call:default_api:read_file{path:<ctrl46>a<ctrl46>}"],
    [
      "in tags that name the tool",
      '<call_record tool="read_file">\n<parameter name="path">a</parameter>\n</call_record>',
    ],
    ["in Gemini's fence", "```tool_code\nprint(list_files())\n```"],
    ["in Python", 'Now:\n```python\nread_file(path="a")\n```'],
    ["in Phi's words", `functools[${json}]`],
    ["in Harmony without its marks", 'to=functions.read_file {"path": "a"}'],
    ["in Functionary's lines", '>>>read_file\n{"path": "a"}'],
    ["in InternLM's marks", `<|action_start|><|plugin|>${json}<|action_end|>`],
    ["in Gemma's tags", "<start_function_call>call:read_file{path:<escape>a<escape>}<end_function_call>"],
    ["in Nemotron's tag, cut in its name", "<TOOLCALL>read_fi"],
    ["in Cline's tags", "<read_file>\n<path>a</path>\n</read_file>"],
    [
      "in tags of tags",
      '<tool_use>\n<name>read_file</name>\n<arguments>{"path": "a"}</arguments>\n</tool_use>',
    ],
  ])("%s", (_, reply) => {
    const code = "```js\nf();\n```\n";
    for (const before of ["", `It reads a file.\n${code}`]) {
      expect(readCalls(before + reply, offer)).toMatchObject({
        type: "malformed",
        before: before + reply,
        problem: expect.stringMatching(/^It was written as text/),
      });
    }
  });
});

test("two fences with calls and without a word are calls that are not read", () => {
  const fence = `\`\`\`json\n${json}\n\`\`\``;
  expect(readCalls(`${fence}\n${fence}`, offer)).toMatchObject({ type: "malformed" });
  expect(readCalls(`I will read both.\n${fence}\n${fence}`, offer)).toMatchObject({ type: "malformed" });
});
