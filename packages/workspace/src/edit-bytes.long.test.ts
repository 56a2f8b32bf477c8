import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { workspaceWith } from "../test/temp-workspace.ts";
import { readTextPage, replaceText } from "./index.ts";

test("bytes outside of the edit are identical over 200 generated files", async () => {
  const random = numbersFrom(20_261_120);
  const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;
  const words = ["a", "", "  b", "\tc", "é", "😀", "$&", "\u2028", "e\u0301", "end", "\ufeff"];
  const line = () => `${pick(words)}${pick(words)}${pick(words)}${pick(["\n", "\r\n", "\r\n", "\r", "\n"])}`;
  const text = (lines: number) => Array.from({ length: lines }, line).join("");
  const workspace = await workspaceWith();
  for (let round = 0; round < 200; round++) {
    const before = Buffer.from(`${pick(["", "\uFEFF"])}${text(random(20))}${pick(["x", "y"])}`);
    const after = Buffer.from(`${pick(["x", "y"])}${text(random(20))}${pick(words)}`);
    const target = `<${round}|${text(random(3))}|${round}>`;
    await writeFile(join(workspace.root, "file"), Buffer.concat([before, Buffer.from(target), after]));
    await readTextPage(workspace, "file");
    const replacement = `[${round}]${text(random(3))}`;
    await replaceText(workspace, "file", pick([target, target.replace(/\r\n?/g, "\n")]), replacement);
    const result = await readFile(join(workspace.root, "file"));
    expect(result.subarray(0, before.length)).toEqual(before);
    expect(result.subarray(-after.length)).toEqual(after);
    const middle = result.subarray(before.length, result.length - after.length).toString();
    expect(middle.replace(/\r\n?/g, "\n")).toBe(replacement.replace(/\r\n?/g, "\n"));
  }
});

/** Repeatable pseudo-random whole numbers below a limit (mulberry32). */
function numbersFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}
