import { createHash } from "node:crypto";
import { isObject, type JsonObject, objectsOf } from "../json.ts";
import type { Turn } from "./messages.ts";
import { refuse } from "./refusals.ts";

/** How many blocks before a mark are looked through for something that was cached. */
const LOOK_BACK = 20;
const MOST_MARKS = 4;

interface CacheUse {
  readonly read: number;
  readonly written: number;
}

/**
 * The service's cache of prompts: each mark keeps the prompt up to it, and a later prompt that begins alike is read from
 * there, if a mark of its own is at most twenty blocks further on.
 * See https://docs.claude.com/en/docs/build-with-claude/prompt-caching
 */
export function openCache(): (body: JsonObject, turns: readonly Turn[]) => CacheUse {
  const kept = new Set<string>();
  return (body, turns) => {
    const blocks = blocksOf(body, turns);
    const marks = blocks.flatMap(({ cache_control: mark }, at) => (isObject(mark) ? [at] : []));
    if (isObject(body.cache_control) && !marks.includes(blocks.length - 1)) marks.push(blocks.length - 1);
    if (marks.length > MOST_MARKS) {
      throw refuse(
        `A maximum of ${MOST_MARKS} blocks with cache_control may be provided. Found ${marks.length}.`,
      );
    }
    const prefixes = prefixesOf(blocks);
    const found = marks.flatMap((mark) => {
      for (let at = mark; at >= Math.max(0, mark - LOOK_BACK); at -= 1)
        if (kept.has(prefixes[at]?.name ?? "")) return [at];
      return [];
    });
    const read = prefixes[Math.max(-1, ...found)]?.tokens ?? 0;
    const whole = prefixes[Math.max(-1, ...marks)]?.tokens ?? 0;
    for (const mark of marks) kept.add(prefixes[mark]?.name ?? "");
    return { read, written: Math.max(0, whole - read) };
  };
}

/** Tools, system prompt and messages, in the order in which the service reads them. */
function blocksOf({ tools, system }: JsonObject, turns: readonly Turn[]): JsonObject[] {
  const instructions = typeof system === "string" ? [{ type: "text", text: system }] : objectsOf(system);
  return [...objectsOf(tools), ...instructions, ...turns.flatMap(({ blocks }) => blocks)];
}

/** For each block the prompt up to it: its name, which two prompts share that begin alike, and its size. */
function prefixesOf(blocks: readonly JsonObject[]): { name: string; tokens: number }[] {
  let name = "";
  let length = 0;
  return blocks.map((block) => {
    const { cache_control: _, ...plain } = block; // marks are not part of the prompt
    const text = JSON.stringify(plain);
    name = createHash("sha256").update(`${name}\n${text}`).digest("hex");
    length += text.length;
    return { name, tokens: Math.ceil(length / 4) };
  });
}
