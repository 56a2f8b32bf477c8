import { describe, expect, test } from "vitest";
import { begun, dialects, KEY, last, records, reply, type Write, whole } from "../test/dialects.ts";

const streamed = ["chat", "responses", "gemini"] as const;
const BROKE = "It broke. Please try again in 1ms.";

describe.each(streamed)("%s: a reply is read in whatever frame it comes", (dialect) => {
  const lines = records(dialect);
  test.each([
    ["comments right before the data", lines.map((each) => `: ping\ndata: ${each}\n\n`).join("")],
    [
      "a name for each event",
      lines.map((each) => `event: message\nid: 1\nretry: 5\ndata: ${each}\n\n`).join(""),
    ],
    ["a final [DONE]", `${whole(dialect)}data: [DONE]\n\n`],
    ["no empty line at the end", whole(dialect).trimEnd()],
    ["no empty lines at all", lines.map((each) => `data: ${each}\n`).join("")],
    ["no space behind the colon", lines.map((each) => `data:${each}\n\n`).join("")],
    ["carriage returns", whole(dialect).replaceAll("\n", "\r\n")],
    ["carriage returns alone", whole(dialect).replaceAll("\n", "\r")],
    ["a byte order mark", `\uFEFF${whole(dialect)}`],
    [
      "data over several lines",
      lines
        .map((each) => `${JSON.stringify(JSON.parse(each), null, 1).replace(/^/gm, "data: ")}\n\n`)
        .join(""),
    ],
    ["data twice", lines.map((each) => `data: data: ${each}\n\n`).join("")],
    ["names that are indented and large", lines.map((each) => `  Data: ${each}\n\n`).join("")],
    ["numbers of Python's", lines.map((each) => `data: {"x":[NaN,-Infinity],${each.slice(1)}\n\n`).join("")],
    ["events that say null", `data: null\n\n${whole(dialect)}`],
    ["a list of records", `data: [${lines.join(",")}]\n\n`],
    ["several records in a line", `data: ${lines.join(" ")}\n\n`],
    ["events without a line break between them", `data: ${lines.join("data: ")}\n\n`],
    ["a final [DONE] in the line of the last record", `data: ${lines.join("\n\ndata: ")}[DONE]\n\n`],
    ["a final [done] in quotes", `${whole(dialect)}data: "[done]"\n\n`],
    ["rubbish behind the final mark", `${whole(dialect)}data: [DONE]\n\nso long\n<html>\0`],
    ["a record of what it cost", `${whole(dialect)}data: {"object":"cost","note":"paid by team a"}\n\n`],
  ])("%s", async (_, text) => {
    const { events, reply: message } = await reply(dialect, [text]);
    expect(events.map(({ type }) => type)).toEqual(["text_delta", "reply_end"]);
    expect([message.stop, message.message.text]).toEqual(["done", "Hi."]);
  });
});

test.each(dialects)("%s: whole JSON that was cut is asked for again", async (dialect) => {
  const cut: Write = (response) => response.writeHead(200).end(records(dialect)[0]?.slice(0, -5));
  const { events, reply: message } = await reply(dialect, [cut, whole(dialect)]);
  expect(events[0]).toMatchObject({ type: "retry", error: { kind: "cut_off" } });
  expect(message.message.text).toBe("Hi.");
});

test("a reply is whole although its server leaves the connection open behind the last mark", async () => {
  const answer: Write = (response) => response.writeHead(200).write(`${whole("chat")}data: [DONE]\n\n`);
  expect((await reply("chat", [answer])).reply).toMatchObject({ stop: "done", message: { text: "Hi." } });
});

test.each<[string, Write]>([
  ["pings for ever", (response) => setInterval(() => response.write(": ping\n\n"), 20)],
  [
    "ends for ever",
    (response) => setInterval(() => response.write(`data: ${records("chat").at(-1)}\n\n`), 20),
  ],
  ["breaks the connection", (response) => setTimeout(() => response.socket?.resetAndDestroy(), 50)],
])("a reply is whole although its server %s behind the last mark", async (_, more) => {
  const answer: Write = (response) => {
    response.writeHead(200).write(whole("chat"));
    const timer = more(response);
    response.on("close", () => clearInterval(timer as NodeJS.Timeout));
  };
  expect((await reply("chat", [answer])).reply).toMatchObject({ stop: "done", message: { text: "Hi." } });
});

test("Gemini's other form, one list over several lines, is read too", async () => {
  const text = JSON.stringify([...begun.gemini, last.gemini], null, 2);
  expect((await reply("gemini", [text])).reply).toMatchObject({ stop: "done", message: { text: "Hi." } });
});

test("a server of Chat Completions that does not stream is understood", async () => {
  const message = { role: "assistant", content: "Hi." };
  const text = JSON.stringify({
    object: "chat.completion",
    choices: [{ index: 0, message, finish_reason: "stop" }],
  });
  expect((await reply("chat", [text])).reply).toMatchObject({ stop: "done", message: { text: "Hi." } });
});

/** Faults inside a stream, as records; and what of them is read. */
const faults: [object, string][] = [
  [{ error: { message: BROKE, code: 503 } }, BROKE],
  [{ error: BROKE }, BROKE],
  [{ choices: [{ delta: {} }], base_resp: { status_code: 1013, status_msg: BROKE } }, BROKE],
  [{ object: "error", message: BROKE, type: "InternalServerError", code: 500 }, BROKE],
  [{ type: "error", code: "server_error", message: BROKE, param: null }, BROKE],
  [{ detail: BROKE }, BROKE],
  [{ code: 500, message: BROKE }, BROKE],
  [{ base_resp: { status_code: 1039, status_msg: BROKE } }, BROKE],
  [{ choices: [], x_groq: { id: "r", error: BROKE } }, BROKE],
  [{ message: BROKE }, BROKE],
  [{ Error: { Message: BROKE } }, BROKE],
  [{ choices: [{ index: 0, delta: { error: { message: BROKE } } }] }, BROKE],
];

describe.each(dialects)("%s: an error in the stream ends the reply", (dialect) => {
  const frame = (each: object) =>
    dialect === "ollama" ? `${JSON.stringify(each)}\n` : `data: ${JSON.stringify(each)}\n\n`;
  test.each(faults)("%j", async (fault, words) => {
    const broken =
      [...begun[dialect], fault].map(frame).join("") + (dialect === "ollama" ? "" : "data: [DONE]\n\n");
    const { events, reply: message, asked } = await reply(dialect, [broken, whole(dialect)]);
    const retries = events.flatMap((event) => (event.type === "retry" ? event.error.message : []));
    expect(retries).toEqual([expect.stringMatching(new RegExp(`broke off its reply: ${words}`))]);
    expect([message.stop, asked]).toEqual(["done", 2]);
  });

  test.each([
    { object: "error", message: "No such field.", type: "BadRequestError", code: 400 },
    { error: { message: "No such field.", type: "invalid_request_error" } },
  ])("that cannot pass is not asked for again: %j", async (error) => {
    const broken = frame(error);
    const { reply: message, asked } = await reply(dialect, [broken]);
    expect(message.error).toMatchObject({
      kind: "bad_request",
      message: expect.stringMatching(/No such field\.$/),
    });
    expect(asked).toBe(1);
  });

  test("also behind what looked like its end", async () => {
    if (dialect === "ollama") return; // `done` is the last line by contract: nothing behind it is read
    const broken = whole(dialect) + frame({ error: { message: "Too late.", code: 400 } });
    expect((await reply(dialect, [broken])).reply.error?.message).toMatch(/Too late\.$/);
  });
});

test("the error that names itself only in its frame", async () => {
  for (const text of [
    `event: error\ndata: {"reason":"${BROKE}"}\n\n`,
    `event: error\ndata: ${BROKE}\n\n`,
    `error: {"code":500,"message":"${BROKE}","type":"server_error"}\n\ndata: [DONE]\n\n`,
    `error: ${BROKE}\n\n`,
  ]) {
    const { events } = await reply("responses", [text, whole("responses")]);
    expect(events[0]).toMatchObject({
      type: "retry",
      error: { message: expect.stringMatching(/: It broke\./) },
    });
  }
});

test("an error that is mere text is quoted", async () => {
  const broken = `data: ${JSON.stringify(begun.chat[0])}\n\ndata: Backend died (${KEY}).\n\n`;
  const { events } = await reply("chat", [broken, whole("chat")]);
  const error = events.flatMap((event) => (event.type === "retry" ? event.error.message : []));
  expect(error).toEqual([expect.stringMatching(/not JSON: Backend died \(\[key\]\)\.$/)]);
});

test.each(['{"a":"', "{x"])("a line that repeats %s}{ for 200 kB is refused at once", async (begun) => {
  const broken = `data: ${begun}${"}{".repeat(100_000)}\n\n`;
  const { events } = await reply("chat", [broken, whole("chat")]);
  expect(events[0]).toMatchObject({ type: "retry", error: { kind: "cut_off" } });
});

test("the error of a choice", async () => {
  const choice = {
    index: 0,
    delta: { content: "" },
    finish_reason: "error",
    error: { code: 502, message: BROKE },
  };
  const { events } = await reply("chat", [
    `data: ${JSON.stringify({ choices: [choice] })}\n\n`,
    whole("chat"),
  ]);
  expect(events[0]).toMatchObject({
    type: "retry",
    error: { message: expect.stringMatching(/: It broke\./) },
  });
});
