import { describe, expect, test } from "vitest";
import { offer } from "../../test/text-form.ts";
import { openAnswer } from "../answer.ts";
import { judgedReply } from "../reply.ts";
import { readCalls } from "./calls.ts";
import { textBeforeCalls } from "./index.ts";

describe("what is left of a call, in whatever markup, is no answer", () => {
  test.each([
    "<tool_call>\n<function=read_f",
    "<tool_call>\n<function=read_file\n<parameter=path>\na\n</parameter>\n</function>\n</tool_call>",
    "<tool_call>read_f",
    "<tool_call>read_filepath</arg_key><arg_value>a</arg_value></tool_call>",
    "<arg_key>path</arg_key><arg_value>a</arg_value>",
    "<minimax:tool_call>\n<inv",
    '<minimax:tool_call>\n<invoke name="read_',
    "<｜DSML｜function_calls>\n<｜DSML｜invoke na",
    '｜DSML｜invoke name="read_file">\n<｜DSML｜parameter name="path">a</｜DSML｜parameter>\n</｜DSML｜invoke>',
    "read_file<arg_key>path</arg_key><arg_value>a</arg_value></tool_call>",
    "<tool_call>read_file</think><arg_key>path</arg_key><arg_value>a</arg_value></tool_call>",
    "<tool_call>read_file<tool_sep><arg_key>path</arg_key><arg_value>a</arg_value></tool_call>",
    "<tool_call>read_file>\n<parameter=path>a</parameter>\n</tool_call>",
    "<|channel|>commentary to=func",
    'analysisI read it.assistantcommentary to=functions.read_file json{"path": "a"}',
    '<|channel|>commentary<|message|>{"path": "a"}<|end|>',
    '<|START_ACTION|>[{"tool_name": "read_file", "parameters": {"pa',
    '<|tool_call_start|>[read_file(path="a")]<|tool_call_end|>I am reading a.',
    '<|python_start|>[read_file(path="a")]<|python_end|>',
    '[TOOL_CALLS]read_file(path="a")',
    "Now the list.\n\n[list_files()]",
    '[Calling tool: read_file({"path": "a"})]',
    '[tool_call]read_file{"path": "a"}[/tool_call]',
    '[TOOL_CALL]\n{tool => "read_file", args => {\n  --path "a"\n}}\n[/TOOL_CALL]',
    '✿FUNCTION✿: read_file\n✿ARGS✿: {"path": "a"}',
    "<longcat_tool_call>read_file\n<longcat_arg_key>path</longcat_arg_key>\n</longcat_tool_call>",
    '<xai:function_call name="read_file">\n<parameter name="path">a</parameter>\n</xai:function_call>',
    "<tool=read_file>\n<parameter=path>a</parameter>\n</tool>",
    "<write_file>\n<path>a</path>\n<content>\nhello to all",
    "<read_file>\n<path>a</pa",
    '**Tool call:** `read_file` with `{"path": "a"}`',
    '<｜DSML｜tool_calls>\n<｜DSML｜invoke name="read_file">\n</｜DSML｜invoke>\n</｜DSML｜tool_calls>\n\nI am reading it.',
  ])("%s", (reply) => {
    expect(readCalls(reply, offer)).toMatchObject({ type: "malformed", before: reply });
    expect(readCalls(reply, offer)).not.toHaveProperty("isTalk");
  });
});

describe("what only looks like markup is an answer", () => {
  test.each([
    "vLLM's parser looks for <tool_call> and </tool_call> tokens, then read_file runs.",
    "Mistral writes [TOOL_CALLS] before a list, as in read_file.",
    "DeepSeek begins with <｜tool▁calls▁begin｜>, and read_file follows.",
    "See [the tool](docs/read.md) for read_file.",
    "The log:\n[tool] read_file: it is done",
    "<tooltip>read_file</tooltip>",
    '<ToolCall name="read_file" />',
    "<section>\n<ul>\n<li>read_file</li>\n</ul>\n</section>",
    'I found it:\n\n```\nif text.startswith("<tool_call>"):\n    name = read_file\n```',
    "- <invoke> tags are handled\n- read_file is called once",
  ])("%s", (reply) => {
    expect(readCalls(reply, offer)).toEqual({ type: "text" });
  });
});

/** Models that repeat themselves do so until their limit. A careless pattern would read on for minutes. */
describe("a reply that repeats itself for 200 kB is judged at once", () => {
  test.each([
    ["text", "\n", "text"],
    ["text", "```\n", "text"],
    ["text", "<a>", "text"],
    ["Action: read_file", "\n", "text"],
    ["<tool_call>read_file", "`", "malformed"],
    ["<tool_call>read_file", "✿FUNC", "malformed"],
    ["read_file(", "</s>", "text"],
  ])("%s, %j and so on", (start, part, type) => {
    expect(readCalls(`${start}${part.repeat(200_000 / part.length)}.`, offer)).toMatchObject({ type });
  });

  test("shown", () => {
    expect(textBeforeCalls().read("```\n".repeat(50_000))).toContain("```\n".repeat(49_000));
  });

  test.each([" <tool_call>", " <|tool", "\n"])("thought: %j", (part) => {
    const thought = part.repeat(200_000 / part.length);
    const request = { conversation: [], tools: [{ name: "read_file", description: "", parameters: {} }] };
    const service = { label: "It", variable: "", secrets: [] };
    const dialect = { isPiece: () => true, isEnd: () => true };
    const answer = openAnswer(fetch, service, new AbortController().signal, dialect);
    const source = { answer, request, model: "m" };
    const ending = { calls: [], end: "done", finish: "tool_calls", usage: {} } as const;
    expect(() => judgedReply({ ...ending, text: "", reasoning: thought }, source)).toThrow("It ");
    expect(() => judgedReply({ ...ending, text: "\n".repeat(200_000), reasoning: "" }, source)).toThrow(
      "It ",
    );
  });
});
