/** The records of an answer's stream, in whatever frame they come. */
import { setTimeout as sleep } from "node:timers/promises";
import { badReply, cutOff, ModelFailure } from "@eightfold/core";
import { type Answer, quoted, readRefusal, type WireRecord } from "./answer.ts";
import { Refused } from "./http-errors.ts";
import { isRecord, listOf, parseJson, recordOf } from "./wire-values.ts";

/** How long more is waited for behind the end of a stream, behind a piece that says that it has ended, and behind one that says more too. */
const LAST_MS = 250;
const COUNTS_MS = 2000;
const MORE_MS = 30_000;

/** The records of an answer's stream, as they come. @throws Refused, ModelFailure */
export async function* recordsOf(answer: Answer, alive: () => void): AsyncGenerator<WireRecord, void> {
  const { service, dialect } = answer;
  let isKnown = false;
  let late: Promise<void> | undefined;
  const pieces = linesOf(answer.response, alive);
  // Some servers leave the stream open behind its end, and ping. Where it has ended, nobody waits for the clock.
  const next = () => (late ? Promise.race([pieces.next(), late]) : pieces.next());
  for (let piece = await next(); piece && !piece.done; piece = await next()) {
    for (const line of piece.value) {
      for (const record of readLine(answer, line)) {
        const isPiece = dialect.isPiece(record);
        throwErrorIn(record, isPiece, answer);
        isKnown ||= isPiece;
        const isLast = isPiece && dialect.isEnd(record);
        const patience = isPiece && dialect.saysMore?.(record) ? MORE_MS : COUNTS_MS;
        if (isLast || late) late = sleep(patience, undefined, { ref: false });
        yield record;
      }
      if (answer.isMarkedDone) late = sleep(LAST_MS, undefined, { ref: false });
    }
  }
  if (answer.isStream && answer.pending.length > 0) throw unreadable(answer);
  if (isKnown || answer.records === 0) return;
  const message = `${service.label} answered in a different protocol from the request.`;
  const hint = `Check ${service.variable}, and which protocol the server speaks.`;
  throw new ModelFailure({ kind: "bad_reply", message, hint, retryable: false });
}

/** The lines of a body, by the pieces in which they arrive. */
async function* linesOf(response: Response | undefined, alive: () => void): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of response?.body ?? []) {
    alive();
    const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    yield lines;
  }
  yield [rest, ""];
}

/**
 * The records that a line completes. Lines are those of server-sent events with whatever fields and blank lines, whose
 * names some gateways indent, or write twice; JSON,
 * or a part of JSON over several lines, as gateways send it instead of a stream.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
function readLine(answer: Answer, line: string): WireRecord[] {
  const { pending } = answer;
  const [, name, value = ""] = /^\s*(?:data: ?(?=data:))*(data|event|id|retry|): ?(.*)$/is.exec(line) ?? [];
  const field = name?.toLowerCase();
  if (field === "event") answer.event = value.trim();
  if (line.trim() === "") return endEvent(answer);
  if (field !== undefined && field !== "data") return [];
  const isData = field === "data";
  const text = isData ? value : line;
  if (answer.isData !== isData) pending.length = 0;
  answer.isData = isData;
  answer.isStream ||= isData;
  // Of a web page, the beginning is enough.
  if (isData || pending.length < MOST_OF_A_PAGE || /^\s*["{[]/.test(pending[0] ?? "")) pending.push(text);
  // JSON over several lines is indented, except for its last line.
  const mayBeWhole = /(?:["}\]]|^\s*\w+)\s*$/.test(text) && (pending.length === 1 || /^\S/.test(text));
  return mayBeWhole ? takeRecords(answer) : [];
}

function endEvent(answer: Answer): WireRecord[] {
  const records = answer.isData ? takeRecords(answer) : [];
  if (answer.isData && answer.pending.length > 0) throw unreadable(answer);
  answer.event = "";
  return records;
}

function takeRecords(answer: Answer): WireRecord[] {
  const text = pendingText(answer);
  answer.isMarkedDone ||= text === "[DONE]";
  const value = parseJson(text);
  if (value === undefined && text !== "" && !answer.isMarkedDone) return [];
  answer.pending = [];
  const records = listOf(value).flatMap((each) => recordIn(each, answer.event));
  answer.records += records.length;
  answer.isStream ||= answer.records > 1 || (answer.records > 0 && answer.dialect.isLines === true);
  return records;
}

const MOST_OF_A_PAGE = 50;

function pendingText({ pending }: Answer): string {
  return pending.join("\n").trim();
}

/** Some servers name an event in its frame only; and a mere text is an error. */
function recordIn(value: unknown, event: string): WireRecord[] {
  if (typeof value === "string") return [{ error: value }];
  return isRecord(value) ? [event === "" || "type" in value ? value : { type: event, ...value }] : [];
}

/** What is not a piece of a reply and carries a reason is a refusal; and so is an error inside a piece. */
function throwErrorIn(record: WireRecord, isPiece: boolean, { service, event }: Answer): void {
  const { error, object, type, choices, response, x_groq, base_resp } = record;
  const [choice] = listOf(choices).map(recordOf);
  const inner = error || choice?.error || recordOf(response).error || recordOf(x_groq).error;
  const isFailed = type === "response.failed" || recordOf(response).status === "failed";
  // MiniMax puts it beside the choices. It is zero where all is well.
  const isCoded = Boolean(recordOf(base_resp).status_code);
  const isNamed = isFailed || isCoded || [object, type, event].includes("error");
  if (isPiece && !isNamed && !inner) return;
  const refusal = readRefusal(inner ? { ...record, error: inner } : record, service);
  if (isNamed || (inner && !isPiece) || refusal.said !== "") throw new Refused(refusal);
}

function unreadable(answer: Answer): Error {
  const { service, event } = answer;
  const text = pendingText(answer);
  if (event === "error") return new Refused(readRefusal(text, service));
  if (/^[{[]/.test(text)) return cutOff(`${service.label} broke off in the middle of its reply.`);
  return badReply(`${service.label} sent something that is not JSON.`);
}

/** For a stream that ended without its last mark: it was cut, or it never was a stream. */
export function endedEarly(answer: Answer): ModelFailure {
  const { service, response, isStream } = answer;
  const { label, variable } = service;
  const type = response?.headers.get("content-type") ?? "";
  const what = quoted(/\bjson|html/.test(type) ? type : pendingText(answer), answer);
  if (isStream || what === "") return cutOff(`${label} ended its reply without saying that it was complete.`);
  const message = `${label} answered with ${what} where a stream of events was asked for.`;
  const hint = `Check ${variable}, and that the server can stream.`;
  return new ModelFailure({ kind: "bad_reply", message, hint, retryable: false });
}
