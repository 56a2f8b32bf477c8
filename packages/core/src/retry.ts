import type { ModelError } from "./model.ts";

const MAX_ATTEMPTS = 5;
/** Silence is only noticed after minutes. */
const MAX_SILENCES = 2;
const BASE_MS = 500;
const MAX_WAIT_MS = 60_000;

/**
 * How long to wait before a reply is asked for again, in milliseconds; undefined when it should not be. `attempt`
 * is the number of the one that failed, from 1. The service's own hint wins; without one the wait is drawn at random
 * between zero and a bound that doubles ("full jitter"), so that clients that failed together do not return together.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function waitBeforeRetry(attempt: number, error: ModelError, random = Math.random) {
  const isSilence = error.kind === "timeout" && error.status === undefined;
  const most = isSilence ? MAX_SILENCES : MAX_ATTEMPTS;
  if (!error.retryable || attempt >= most || asksTooLong(error)) return undefined;
  return error.retryAfterMs ?? Math.round(random() * Math.min(MAX_WAIT_MS, BASE_MS * 2 ** (attempt - 1)));
}

/** The error that the user gets when we stop trying: it says what was tried, or how long to wait. */
export function givenUp(attempt: number, error: ModelError): ModelError {
  if (error.retryable && asksTooLong(error)) {
    return { ...error, hint: `It asks to wait ${showDuration(error.retryAfterMs ?? 0)}. Ask again then.` };
  }
  if (attempt === 1) return error;
  return { ...error, hint: `Tried ${attempt} times.${error.hint === undefined ? "" : ` ${error.hint}`}` };
}

function asksTooLong(error: ModelError): boolean {
  return (error.retryAfterMs ?? 0) > MAX_WAIT_MS;
}

/**
 * The wait that an answer's headers ask for: `retry-after-ms`, or `retry-after` in seconds or as a date.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function waitFromHeaders(headers: Headers | undefined, now = Date.now()): number | undefined {
  const precise = headers?.get("retry-after-ms")?.trim();
  if (precise && /^\d+(\.\d+)?$/.test(precise)) return Math.round(Number(precise));
  const after = headers?.get("retry-after")?.trim();
  if (!after) return undefined;
  if (/^\d+(\.\d+)?s?$/.test(after)) return Math.round(Number.parseFloat(after) * 1000);
  // Date.parse also makes a date of "-5".
  const date = /^[a-z]{3}/i.test(after) ? Date.parse(after) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

const WAIT =
  /\b(?:try again|retry|wait)\b[a-z ]{0,30} ((?:\d+(?:\.\d+)?\s*(?:ms|hours?|min(?:ute)?s?|sec(?:ond)?s?|[hms])(?![a-z])\s*)+)/i;

/** The wait that an error's text asks for: "Please try again in 1m12.5s", "Retry your request after 17 s", "Please wait 20ms". */
export function waitFromText(text: string): number | undefined {
  const [, found] = WAIT.exec(text) ?? [];
  return found === undefined ? undefined : parseDuration(found);
}

/** Milliseconds of "17s", "1m12.5s", "250ms", "0.5 seconds"; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const units = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
  const parts = [...text.toLowerCase().matchAll(/(\d+(?:\.\d+)?)\s*(ms|h|m|s)/g)];
  if (parts.length === 0) return undefined;
  return Math.round(
    parts.reduce((sum, [, n, unit]) => sum + Number(n) * units[unit as keyof typeof units], 0),
  );
}

/** "800 ms", "12 s", "3 min", "2 h", rounded up. */
export function showDuration(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)} ms`;
  if (ms < 120_000) return `${Math.ceil(ms / 1000)} s`;
  return ms < 7_200_000 ? `${Math.ceil(ms / 60_000)} min` : `${Math.ceil(ms / 3_600_000)} h`;
}
