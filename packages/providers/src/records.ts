/** The records of an answer's stream, in whatever frame they come. */
import { setTimeout as sleep } from "node:timers/promises";
import { badReply, cutOff, ModelFailure } from "@eightfold/core";
import { type Answer, quoted, readRefusal, type WireRecord } from "./answer.ts";
import { Refused } from "./http-errors.ts";
import { isRecord, listOf, parseJson, recordOf } from "./wire-values.ts";

/** How long to go on listening: after the mark that ends a stream; after a piece that ends the reply; after one that ends it and has text too. */
const LAST_MS = 250;
const COUNTS_MS = 2000;
const MORE_MS = 30_000;

/** The records of an answer's stream, as they come. @throws Refused, ModelFailure */
export async function* recordsOf(answer: Answer, alive: () => void): AsyncGenerator<WireRecord, void> {
  const { service, dialect } = answer;
  let isKnown = false;
  let late: Promise<void> | undefined;
  let patience = Number.POSITIVE_INFINITY;
  // A record that says nothing more does not start the wait again: some servers never close a stream, and ping.
  const waitFor = (ms: number) => {
    if (ms >= patience && ms !== MORE_MS) return;
    late = sleep(ms, undefined, { ref: false });
    patience = ms;
  };
  const pieces = linesOf(answer.response, alive);
  // The reply is whole by then, so a connection that breaks ends it as well as the clock does.
  const next = () => (late ? Promise.race([pieces.next().catch(() => undefined), late]) : pieces.next());
  for (let piece = await next(); piece && !piece.done; piece = await next()) {
    for (const line of piece.value) {
      for (const record of readLine(answer, line)) {
        const isPiece = dialect.isPiece(record);
        throwErrorIn(record, isPiece, answer);
        isKnown ||= isPiece;
        const isLast = isPiece && dialect.isEnd(record);
        if (isLast || late) waitFor(isPiece && dialect.saysMore?.(record) ? MORE_MS : COUNTS_MS);
        yield record;
      }
      if (answer.isMarkedDone) waitFor(LAST_MS);
    }
  }
  if (answer.isStream) throwUnreadable(answer);
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
  const [, name, value = ""] =
    /^\s*(?:data: ?(?=data:))*(data|error|event|id|retry|): ?(.*)$/is.exec(line) ?? [];
  const field = name?.toLowerCase();
  if (field === "event") answer.event = value.trim();
  // llama.cpp had a field of its own for errors.
  if (field === "error") answer.event = field;
  if (line.trim() === "") return endEvent(answer);
  const isData = field === "data" || field === "error";
  if (field !== undefined && !isData) return [];
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
  if (answer.isData) throwUnreadable(answer);
  answer.event = "";
  return records;
}

function takeRecords(answer: Answer): WireRecord[] {
  const text = pendingText(answer);
  const content = text.replace(/(data:\s*)?"?\[DONE\]"?$/i, "");
  answer.isMarkedDone ||= content !== text;
  const values = valuesIn(content);
  if (!values && !answer.isMarkedDone) return [];
  answer.pending = [];
  const records = listOf(values).flatMap((each) => recordIn(each, answer.event));
  answer.records += records.length;
  answer.isStream ||= answer.records > 1 || (answer.records > 0 && answer.dialect.isLines === true);
  return records;
}

/** The JSON in a text: one value, those of a list, or several in a row, which some gateways write into one line. */
function valuesIn(text: string): readonly unknown[] | undefined {
  if (text === "") return [];
  // Python writes numbers that JSON does not have.
  const whole = parseJson(text) ?? parseJson(text.replace(/([:[,]\s*)(?:NaN|-?Infinity)\b/g, "$1null"));
  if (whole !== undefined) return listOf(whole);
  const values: unknown[] = [];
  let rest = "";
  let failed = 0;
  for (const part of text.split(/(?<=\})(?=\s*(?:data:\s*)?\{)/)) {
    rest += part;
    const value = parseJson(rest.replace(/^\s*data:/, ""));
    if (value === undefined && ++failed > MOST_FAILED) return undefined;
    if (value === undefined) continue;
    values.push(value);
    rest = "";
  }
  return rest === "" ? values : undefined;
}

/** A text in a record may hold "}{" as well, though not this often. Each try reads the whole record again. */
const MOST_FAILED = 100;
const MOST_OF_A_PAGE = 50;

function pendingText({ pending }: Answer): string {
  return pending.join("\n").trim();
}

/** Some servers name an event only in its frame. A record that is a bare text is an error. */
function recordIn(value: unknown, event: string): WireRecord[] {
  if (typeof value === "string") return [{ error: value }];
  return isRecord(value) ? [event === "" || "type" in value ? value : { type: event, ...value }] : [];
}

/** A record that is not a piece of a reply and gives a reason is a refusal. So is an error inside a piece. */
function throwErrorIn(record: WireRecord, isPiece: boolean, { service, event }: Answer): void {
  const { error, object, type, choices, response, x_groq, base_resp } = record;
  const [choice] = listOf(choices).map(recordOf);
  const said = [choice, choice?.delta, choice?.message, response, x_groq].map((each) => recordOf(each).error);
  const inner = error || said.find(Boolean);
  const isFailed = type === "response.failed" || recordOf(response).status === "failed";
  // MiniMax puts it beside the choices. It is zero where all is well.
  const isCoded = Boolean(recordOf(base_resp).status_code);
  const isNamed = isFailed || isCoded || [object, type, event].includes("error");
  if (isPiece && !isNamed && !inner) return;
  const refusal = readRefusal(inner ? { ...record, error: inner } : record, service);
  // Some gateways also send records about other things, such as what the reply cost.
  const mayBeError = isPiece || Object.keys(record).some((name) => ERROR.test(name));
  if (isNamed || (inner && !isPiece) || (refusal.said !== "" && mayBeError)) throw new Refused(refusal);
}

/** The names of fields in which errors are told. */
const ERROR = /err|fail|fault|exception|detail|message|msg|reason|title|code|success/i;

/** Throws for lines that could not be read as a record. After the mark of the end they do not matter. */
function throwUnreadable(answer: Answer): void {
  const { service, event, pending, isMarkedDone } = answer;
  if (pending.length === 0 || isMarkedDone) return;
  const text = pendingText(answer);
  if (event === "error") throw new Refused(readRefusal(text, service));
  if (/^[{[]/.test(text)) throw cutOff(`${service.label} broke off in the middle of its reply.`);
  throw badReply(`${service.label} sent something that is not JSON: ${quoted(text, answer)}`);
}

/** For a stream that ended without its last mark: it was cut, or it never was a stream. */
export function endedEarly(answer: Answer): ModelFailure {
  const { service, response, isStream } = answer;
  const { label, variable } = service;
  const type = response?.headers.get("content-type") ?? "";
  const rest = pendingText(answer);
  const what = quoted(/\bjson|html/.test(type) ? type : rest, answer);
  // Whole JSON does not stay here.
  if (isStream || what === "" || /^[{[]/.test(rest))
    return cutOff(`${label} ended its reply without saying that it was complete.`);
  const message = `${label} answered with ${what} where a stream of events was asked for.`;
  const hint = `Check ${variable}, and that the server can stream.`;
  return new ModelFailure({ kind: "bad_reply", message, hint, retryable: false });
}
