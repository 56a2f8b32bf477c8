import { describe, expect, test } from "vitest";
import { offer } from "../../test/text-form.ts";
import { readCalls } from "./calls.ts";

const readA = { name: "read_file", input: { path: "a.txt" } };
const json = '{"name": "read_file", "arguments": {"path": "a.txt"}}';
const args = '{"path": "a.txt"}';

const ns = "antml:";

/** As the models' chat templates have it. */
const forms = {
  "Hermes, with the mark that ends a turn": `<tool_call>\n${json}\n</tool_call><|im_end|>`,
  "a list of calls": `<tool_call>[${json}]</tool_call>`,
  "OpenAI's shape": `<tool_call>{"id":"1","type":"function","function":{"name":"read_file","arguments":"{\\"path\\":\\"a.txt\\"}"}}</tool_call>`,
  "mini-coding-agent": '<tool>{"name":"read_file","args":{"path":"a.txt"}}</tool>',
  "mini-coding-agent with attributes": '<tool name="read_file" path="a.txt"></tool>',
  "Qwen3-Coder, bare": "<function=read_file>\n<parameter=path>\na.txt\n</parameter>\n</function>",
  "Qwen3-Coder, without the first tag":
    "<function=read_file>\n<parameter=path>\na.txt\n</parameter>\n</function>\n</tool_call>",
  "Llama 3": `<function=read_file>${args}</function>`,
  "Llama 3, as Python": '<|python_tag|>{"name": "read_file", "parameters": {"path": "a.txt"}}<|eom_id|>',
  GLM: "<tool_call>read_file\n<arg_key>path</arg_key>\n<arg_value>a.txt</arg_value>\n</tool_call>",
  MiniMax:
    '<minimax:tool_call>\n<invoke name="read_file">\n<parameter name="path">a.txt</parameter>\n</invoke>\n</minimax:tool_call>',
  "MiniMax, the first": `<tool_calls>\n${json}\n</tool_calls>`,
  "DeepSeek 3.2":
    '<｜DSML｜function_calls>\n<｜DSML｜invoke name="read_file">\n<｜DSML｜parameter name="path" string="true">a.txt</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>',
  "DeepSeek 3.1": `<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>read_file<｜tool▁sep｜>${args}<｜tool▁call▁end｜><｜tool▁calls▁end｜>`,
  "DeepSeek R1": `<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>read_file\n\`\`\`json\n${args}\n\`\`\`<｜tool▁call▁end｜><｜tool▁calls▁end｜><｜end▁of▁sentence｜>`,
  Kimi: `<|tool_calls_section_begin|><|tool_call_begin|>functions.read_file:0<|tool_call_argument_begin|>${args}<|tool_call_end|><|tool_calls_section_end|>`,
  Mistral: `[TOOL_CALLS][${json}]`,
  "Mistral, newer": `[TOOL_CALLS]read_file[ARGS]${args}`,
  "Mistral, newer, without a mark between": `[TOOL_CALLS]read_file${args}</s>`,
  "Mistral, with an id": `[TOOL_CALLS]read_file[CALL_ID]abcdefghi[ARGS]${args}`,
  Claude: `<${ns}function_calls>\n<${ns}invoke name="read_file">\n<${ns}parameter name="path">a.txt</${ns}parameter>\n</${ns}invoke>\n</${ns}function_calls>`,
  "Seed-OSS":
    "<seed:tool_call>\n<function=read_file>\n<parameter=path>a.txt</parameter>\n</function>\n</seed:tool_call>",
  "Anthropic's field": '<tool_call>{"name": "read_file", "input": {"path": "a.txt"}}</tool_call>',
  Nemotron: `<TOOLCALL>[${json}]</TOOLCALL>`,
  Granite: `<|tool_call|>[${json}]`,
  "gpt-oss": `<|channel|>commentary to=functions.read_file <|constrain|>json<|message|>${args}<|call|>`,
  "gpt-oss, called by the role": `<|start|>assistant to=functions.read_file<|channel|>commentary json<|message|>${args}<|call|>`,
  "gpt-oss, as code": `<|channel|>commentary to=functions.read_file code<|message|>${args}`,
  "Qwen3-Coder, by attributes":
    "<tool_call>\n<function name='read_file'>\n<parameter name=\"path\">a.txt</parameter>\n</function>\n</tool_call>",
  "Qwen3-Coder, in quotes": '<function="read_file">\n<parameter="path">a.txt</parameter>\n</function>',
  "DeepSeek 4, with other marks":
    '< | DSML | tool_use>\n< | DSML | invoke name="read_file">\n<||DSML||parameter name="path">a.txt</||DSML||parameter>\n</ | DSML | invoke>\n</‖DSML‖tool_use>',
  "DeepSeek 3.2, with two marks":
    '<｜｜DSML｜｜tool_calls>\n<｜｜DSML｜｜invoke name="read_file">\n<｜｜DSML｜｜parameter name="path">a.txt</｜｜DSML｜｜parameter>\n</｜｜DSML｜｜invoke>\n</｜｜DSML｜｜tool_calls>',
  "gpt-oss, from its start": `<|start|>assistant<|channel|>commentary to=functions.read_file<|message|>${args}<|call|>`,
};

test.each(Object.entries(forms))("%s", (_, form) => {
  expect(readCalls(form, offer)).toEqual({ type: "calls", before: "", calls: [readA] });
  expect(readCalls(`Let me look.\n${form}\n`, offer)).toEqual({
    type: "calls",
    before: "Let me look.",
    calls: [readA],
  });
});

test("several calls in one markup are several calls", () => {
  const kimi = "<|tool_call_begin|>functions.read_file:0<|tool_call_argument_begin|>";
  const two = { type: "calls", before: "", calls: [readA, readA] };
  expect(readCalls(`${kimi}${args}<|tool_call_end|>${kimi}${args}<|tool_call_end|>`, offer)).toEqual(two);
  expect(readCalls(`[TOOL_CALLS]read_file[ARGS]${args}`.repeat(2), offer)).toEqual(two);
  const glm = "<tool_call>read_file<arg_key>path</arg_key><arg_value>a.txt</arg_value></tool_call>";
  expect(readCalls(`${glm}\n${glm}`, offer)).toEqual(two);
  const qwen = "<function=read_file><parameter=path>a.txt</parameter></function>";
  expect(readCalls(`<tool_call>${qwen}</tool_call>\n<tool_call>${qwen}</tool_call>`, offer)).toEqual(two);
  expect(readCalls(`<tool_call>${json}</tool_call><tool_call>${json}</tool_call>`, offer)).toEqual(two);
});

test("a call without arguments", () => {
  const call = { type: "calls", calls: [{ name: "list_files", input: {} }] };
  expect(readCalls("<tool_call>list_files\n</tool_call>", offer)).toMatchObject(call);
  expect(
    readCalls('<minimax:tool_call><invoke name="list_files"></invoke></minimax:tool_call>', offer),
  ).toMatchObject(call);
});

describe("what stands in a value is the value's", () => {
  const write = (content: string) => ({ name: "write_file", input: { path: "a.md", content } });
  test.each([
    "a </tool_call> in the middle",
    "{ } [ ] <b>}</b>",
    '<tool_call>{"name": "read_file", "arguments": {"path": "evil"}}</tool_call>',
    "```json\n{}\n```",
  ])("%j", (content) => {
    const call = JSON.stringify({ name: "write_file", arguments: { path: "a.md", content } });
    expect(readCalls(`<tool_call>${call}</tool_call>`, offer)).toMatchObject({ calls: [write(content)] });
    const qwen = `<function=write_file><parameter=path>a.md</parameter><parameter=content>\n${content}\n</parameter></function>`;
    expect(readCalls(`<tool_call>${qwen}</tool_call>`, offer)).toMatchObject({ calls: [write(content)] });
    const glm = `<tool_call>write_file<arg_key>path</arg_key><arg_value>a.md</arg_value><arg_key>content</arg_key><arg_value>${content}</arg_value></tool_call>`;
    expect(readCalls(glm, offer)).toMatchObject({ calls: [write(content)] });
  });
});

test.each([
  '<tool_call>\n{"name": "read_file", "arguments": {"path": "a.txt"}\n</tool_call>',
  "<tool_call>{'name': 'read_file'}</tool_call>",
  "<tool_call>",
  "<tool_call>\n</tool_call>",
  "<function=read_file>\n<path>a</path>\n</function>",
  '[TOOL_CALLS]read_file{"path": ',
  '<tool_call>\nread_file(path="a.txt")\n</tool_call>',
  '<|python_tag|>read_file.call(path="a.txt")',
  "<tool_call>read_file\n<arg_key>path</arg_key>\n</tool_call>",
  '<tool>{"tool": "read_file"}</tool>',
  "<function=read_file>\n<parameter=path>\na.txt\n</parameter>\n</parameter>\n<parameter=limit>\n1\n</parameter>\n</function>",
])("what is plainly a call and cannot be read is malformed: %j", (form) => {
  const reading = readCalls(`I will read it.\n${form}`, offer);
  expect(reading).toMatchObject({ type: "malformed", before: "I will read it." });
  expect(reading).not.toHaveProperty("isTalk");
  expect(JSON.stringify(reading)).not.toMatch(/Unexpected|undefined|object Object/);
});

test.each([
  "I should emit a <tool_call>.",
  "The model writes <tool_call> and then its arguments.",
  "<tool>hammer</tool>",
  "Use <function=...> for that.",
  "[TOOL_CALLS] is Mistral's mark.",
  "<|channel|> is a token of gpt-oss.",
])("what is only talked about is text: %j", (form) => {
  expect(readCalls(form, offer)).toEqual({ type: "text" });
});

test("markup that is explained, with text behind it, runs nothing", () => {
  expect(readCalls(`For example <tool_call>${json}</tool_call> calls it.`, offer)).toMatchObject({
    isTalk: true,
  });
});

test.each([
  ["a quotation", `> <tool_call>${json}</tool_call>`],
  ["a list in a quotation", `> - <tool_call>${json}</tool_call>`],
  ["an indented block", `\n    <tool_call>${json}</tool_call>`],
  ["a fence", `\`\`\`xml\n<tool_call>${json}</tool_call>\n\`\`\``],
  ["a fence that was not closed", `\`\`\`xml\n<tool_call>${json}</tool_call>`],
])("an example at the end of an answer runs nothing: %s", (_, example) => {
  const reading = readCalls(`A call looks like this:\n${example}`, offer);
  expect(reading.type === "text" || (reading.type === "malformed" && reading.isTalk)).toBe(true);
});

test("a call behind an example that is quoted is called", () => {
  const call = `<tool_call>${json}</tool_call>`;
  const reading = readCalls(`It looks like this:\n> ${call}\n\n${call}`, offer);
  expect(reading).toMatchObject({ type: "calls", calls: [readA] });
});

test("a mark in the talk before does not hide the call at the end", () => {
  expect(
    readCalls(`I should emit a <tool_call>.\n\n<tool_call>\n${json}\n</tool_call>`, offer),
  ).toMatchObject({
    calls: [readA],
  });
});
