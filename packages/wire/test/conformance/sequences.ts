import { expect } from "vitest";
import type { Column } from "./columns.ts";
import { type Raw, sends } from "./raw.ts";
import { type Exceptions, noNetwork, type Row } from "./row.ts";
import { ask, type Heard, retriesIn, type Talk, turn } from "./talk.ts";
import { askAboutReadme, tellsReadme } from "./tools.ts";

type Records = readonly (object | string)[];

/** Hears each of these answers in a talk of its own. */
async function hearEach(
  { open, raw }: Column,
  answers: (raw: Raw) => readonly Records[],
  look: (heard: Heard, talk: Talk) => void,
  rewrite?: (frames: string) => string,
): Promise<void> {
  if (!raw) throw new Error("a column without a network");
  for (const records of answers(raw)) {
    await using talk = await open([{ fault: sends(raw, records, rewrite) }, tellsReadme]);
    look(await ask(talk, "hello"), talk);
  }
}

const says = (text: string) => (heard: Heard) => {
  expect(retriesIn(heard.events)).toEqual([]);
  expect(heard.reply).toMatchObject({ stop: "done", message: { text } });
};

const readme = { path: "README.md" };
const calls =
  (...inputs: object[]) =>
  ({ reply }: Heard) => {
    expect(reply.stop).toBe("tool_calls");
    expect(reply.message.toolCalls.map(({ name, input, invalid }) => [name, invalid ?? input])).toEqual(
      inputs.map((input) => ["read_file", input]),
    );
  };

/** How servers say that something went wrong when the reply has begun. None of them is a piece of it. */
const failures = [
  { object: "error", message: "It broke.", type: "InternalServerError", code: 500 },
  { error: "It broke." },
  { error: { message: "It broke." } },
  { detail: "It broke." },
  { code: 503, message: "It broke." },
  { errors: [{ message: "It broke." }] },
  { fault: { faultstring: "It broke." } },
  { success: false, message: "It broke." },
];

const wholeCalls = "its calls come whole";
const oneReply = "it has no place for a second reply";
const noFilter = { ollama: "it has no filter", "text form": "Ollama has no filter" };
const itemsOfTheirOwn = { responses: "its thoughts are items of their own" };
const noFrames = {
  ollama: "it sends lines, and no events",
  "text form": "Ollama sends lines, and no events",
};

function row(behaviour: string, except: Exceptions, holds: (column: Column) => Promise<void>): Row {
  return { behaviour, except: { ...noNetwork, ...except }, holds };
}

/** What servers really send, as no strict one does. */
export const sequences: readonly Row[] = [
  row("a refusal says why, in the service's words", noFilter, (column) =>
    hearEach(
      column,
      (raw) => [raw.refused?.("It may do harm.") ?? []],
      ({ reply }) => {
        expect(reply).toMatchObject({ stop: "refused", message: { toolCalls: [] } });
        expect(reply.message.text).toContain("It may do harm.");
      },
    ),
  ),
  row("thoughts in tags are shown as thoughts, wherever they are cut", itemsOfTheirOwn, (column) =>
    hearEach(
      column,
      (raw) =>
        [["<think>\nHm.\n</think>\n\nHi."], ["<thi", "nk>\nHm.\n</thin", "k>\n", "\nHi."]].map((texts) => [
          ...texts.map(raw.text),
          raw.end(),
        ]),
      ({ reply }) => {
        expect(reply).toMatchObject({ stop: "done", message: { text: "Hi.", reasoning: "\nHm.\n" } });
      },
    ),
  ),
  row("an error behind a piece of text is no end, in whatever form it comes", {}, (column) =>
    hearEach(
      column,
      (raw) => failures.map((failure) => [raw.text("Half."), failure, raw.end()]),
      ({ events, reply }) => {
        expect(retriesIn(events)).toHaveLength(1);
        expect(reply.message.text).toBe(tellsReadme.text);
      },
    ),
  ),
  row("a text in parts is a text", {}, (column) =>
    hearEach(
      column,
      (raw) => [
        [raw.text([{ type: "text", text: "Hi" }, { text: "." }]), raw.end()],
        [raw.text(["Hi", "."]), raw.end()],
      ],
      says("Hi."),
    ),
  ),
  row("what is null, or of no use, says nothing", {}, (column) =>
    hearEach(
      column,
      (raw) => [["null", raw.text("Hi."), raw.text(null), raw.text(5), raw.text({}), raw.end()]],
      says("Hi."),
    ),
  ),
  row("events are read in whatever frame they come", noFrames, async (column) => {
    const frames: ((text: string) => string)[] = [
      (text) => text.replaceAll("data:", ": ping\ndata:"),
      (text) => text.replaceAll("data: ", "event: message\nid: 1\ndata:"),
      (text) => text.replaceAll("\n", "\r\n"),
      (text) => `\uFEFF${text}`,
      (text) => `${text}data: [DONE]\n\n`,
      (text) => text.trimEnd(),
    ];
    for (const rewrite of frames)
      await hearEach(column, (raw) => [[raw.text("Hi."), raw.end()]], says("Hi."), rewrite);
  }),
  row("a reply is whole although its stream stays open behind it", {}, async ({ open }) => {
    await using talk = await open([{ text: "Hi.", fault: { type: "left_open" } }]);
    says("Hi.")(await ask(talk, "hello"));
  }),
  row(
    "of several replies the first counts",
    {
      responses: oneReply,
      anthropic: oneReply,
      ollama: oneReply,
      "text form": oneReply,
    },
    (column) => {
      const second = (record: object) =>
        JSON.parse(
          JSON.stringify(record, (key, value) =>
            key === "choices" || key === "candidates" ? [{ ...value[0], index: 1 }] : value,
          ),
        );
      return hearEach(
        column,
        (raw) => [
          [raw.text("H"), second(raw.text("X")), raw.text("i."), second(raw.end(true)), raw.end()],
          [raw.text("Hi."), second(raw.call("read_file", readme, "x")), raw.end()],
        ],
        says("Hi."),
      );
    },
  ),
  row("a call that comes once more runs once, with an id or without", {}, (column) =>
    hearEach(
      column,
      (raw) =>
        ["c", undefined].map((id) => {
          const call = raw.call("read_file", readme, id);
          return [call, call, raw.end(true)];
        }),
      calls(readme),
    ),
  ),
  row("two calls that differ in their arguments alone are two", {}, (column) =>
    hearEach(
      column,
      (raw) => [
        [raw.call("read_file", readme, "c"), raw.call("read_file", { path: "b" }, "d"), raw.end(true)],
      ],
      calls(readme, { path: "b" }),
    ),
  ),
  row(
    "arguments that begin with {}, or come whole once more, are what they are at last",
    {
      responses: "its whole items are what counts",
      gemini: wholeCalls,
      ollama: wholeCalls,
      "text form": wholeCalls,
    },
    (column) => {
      const more = (text: string) =>
        "choices" in (column.raw?.text("") ?? {})
          ? { choices: [{ delta: { tool_calls: [{ index: 0, function: { arguments: text } }] } }] }
          : {
              type: "content_block_delta",
              index: 1,
              delta: { type: "input_json_delta", partial_json: text },
            };
      const text = JSON.stringify(readme);
      return hearEach(
        column,
        (raw) =>
          [
            ["{}", text],
            [text.slice(0, 8), text.slice(8), text],
          ].map((pieces) => [raw.call("read_file", {}, "c"), ...pieces.map(more), raw.end(true)]),
        calls(readme),
      );
    },
  ),
  row(
    "a reply that ends for its calls and has none is asked for again",
    {
      responses: "it gives reasons only for what is incomplete",
      gemini: "it always says STOP",
      ollama: "it always says stop",
      "text form": "Ollama always says stop",
    },
    (column) =>
      hearEach(
        column,
        (raw) => [[raw.text("I will read it."), raw.end(true)]],
        ({ events }) => expect(retriesIn(events)).toMatchObject([{ error: { kind: "bad_reply" } }]),
      ),
  ),
  row("a prompt that the server cut without a word is told as too long", {}, async ({ open, raw }) => {
    if (!raw) return;
    const fault = sends(raw, [raw.text("Hi."), raw.counted(2051)]);
    await using talk = await open([{ fault }], { contextLength: 32_768 });
    const { reply } = await ask(talk, "word ".repeat(22_000));
    expect(reply.error).toMatchObject({
      kind: "context_too_long",
      message: expect.stringContaining("counted only 2051 tokens"),
    });
  }),
  row("an empty reply to a long request hints at the window", {}, async ({ open, raw }) => {
    if (!raw) return;
    const fault = sends(raw, [raw.end()]);
    await using talk = await open([{ fault }, { fault }, { fault }, { fault }, { fault }]);
    const { reply } = await ask(talk, "word ".repeat(16_000));
    expect(reply.error?.hint).toMatch(/some 20k tokens/);
  }),
  row("a call that was put together goes back as it is", {}, async ({ open, raw }) => {
    if (!raw) return;
    const call = raw.call("read_file", readme, "c");
    await using talk = await open([{ fault: sends(raw, [call, call, raw.end(true)]) }, tellsReadme]);
    expect((await turn(talk, askAboutReadme)).map(({ stop }) => stop)).toEqual(["tool_calls", "done"]);
  }),
];
