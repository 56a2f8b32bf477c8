/** Where a conversation differs from a recorded one. */
import { isRecord, listOf, recordOf } from "../wire-values.ts";

/**
 * The first difference between the messages of two requests, in a sentence; undefined where both say the same. The
 * system prompt and the tools are the setting, and are not compared: a trace can be played in another phase.
 */
export function difference(recorded: string, asked: string): string | undefined {
  const [one, other] = [recorded, asked].map((body) => messagesIn(JSON.parse(body)));
  return differenceIn(one, other, "messages");
}

function messagesIn(request: unknown): unknown[] {
  const { messages, input, contents } = recordOf(request);
  const all = messages ?? input ?? contents;
  if (!Array.isArray(all)) return [all];
  return listOf(all).filter((message) => !/^(system|developer)$/.test(String(recordOf(message).role)));
}

function differenceIn(one: unknown, other: unknown, path: string): string | undefined {
  if (typeof one === "string" && typeof other === "string") return differenceOfTexts(one, other, path);
  const areLists = Array.isArray(one) && Array.isArray(other);
  if (areLists || (isRecord(one) && isRecord(other))) {
    const [was, is] = [Object(one), Object(other)];
    for (const name of new Set([...Object.keys(was), ...Object.keys(is)])) {
      const place = areLists ? `${path}[${name}]` : `${path}.${name}`;
      const found = name === "cache_control" ? undefined : differenceIn(was[name], is[name], place);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return one === other ? undefined : `${path} was ${shown(one)}, and is ${shown(other)}.`;
}

const AROUND = 40;

function differenceOfTexts(one: string, other: string, path: string): string | undefined {
  const [a, b] = [steady(one), steady(other)];
  if (a === b) return undefined;
  let at = 0;
  while (a[at] === b[at]) at++;
  const around = (text: string) => shown(text.slice(Math.max(0, at - AROUND / 2), at + AROUND));
  return `${path}, at character ${at}: recorded ${around(a)}, now ${around(b)}.`;
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value).slice(0, 2 * AROUND);
}

/**
 * What clocks and throwaway folders write differs in each run and means nothing: days, times, how long something took,
 * and the name of a copy of the playground.
 */
function steady(text: string): string {
  return text
    .replace(/[\w/\\.:-]*eightfold-playground-\w+/g, "(playground)")
    .replace(/\d{4}-\d\d-\d\d([T ][\d:.]+Z?)?|\b\d\d:\d\d:\d\d\b/g, "(time)")
    .replace(/duration_ms:? [\d.]+|\b\d+([.,]\d+)? ?m?s\b/g, "(duration)");
}
