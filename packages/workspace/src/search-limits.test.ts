import { execFileSync } from "node:child_process";
import { readdirSync, readlinkSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Files, workspaceWith } from "../test/temp-workspace.ts";
import { searchText } from "./index.ts";

const { signal } = new AbortController();

describe("a search with many matches", () => {
  test("stops at 100, says so, and is the same each time", async () => {
    const files: Files = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`src/${index % 7}/f${index}`, "needle\n".repeat(5)]),
    );
    const workspace = await workspaceWith(files);
    const first = await searchText(workspace, { pattern: "needle" }, signal);
    expect(first.matches).toHaveLength(100);
    expect(first.notice).toBe(
      "Stopped after 100 matches; there are more. Narrow the search with a longer pattern, with path or with glob.",
    );
    expect(await searchText(workspace, { pattern: "needle" }, signal)).toEqual(first);
  });

  test("of exactly 100 leaves nothing out", async () => {
    const workspace = await workspaceWith({ a: "needle\n".repeat(100) });
    const { matches, notice } = await searchText(workspace, { pattern: "needle" }, signal);
    expect(matches).toHaveLength(100);
    expect(notice).toBeUndefined();
  });

  test("stops at 50 KB of text", async () => {
    const workspace = await workspaceWith({ a: `${"文".repeat(400)}\n`.repeat(100) });
    const { matches, notice } = await searchText(workspace, { pattern: "文" }, signal);
    expect(Buffer.byteLength(matches.map(({ text }) => text).join(""))).toBeLessThan(50 * 1024);
    expect(matches.length).toBeGreaterThan(40);
    expect(notice).toContain(`Stopped after ${matches.length} matches`);
  });
});

describe("a long line", () => {
  test.each([
    ["at its start", `needle${"x".repeat(1000)}`, /^needlex{294}…$/],
    ["in its middle", `${"a".repeat(1000)}needle${"b".repeat(1000)}`, /^…a{150}needleb{144}…$/],
    ["at its end", `${"a".repeat(1000)}needle`, /^…a{294}needle$/],
    ["near its end", `${"a".repeat(1000)}needle${"b".repeat(50)}`, /^…a{244}needleb{50}$/],
    ["not long at all", `${"a".repeat(147)}needle${"b".repeat(147)}`, /^a{147}needleb{147}$/],
  ])("is cut around the match: %s", async (_, line, expected) => {
    const workspace = await workspaceWith({ a: `first\n${line}\n` });
    const { matches } = await searchText(workspace, { pattern: "needle" }, signal);
    expect(matches).toEqual([{ path: "a", line: 2, text: expect.stringMatching(expected) }]);
  });

  test("is never cut inside a character", async () => {
    const workspace = await workspaceWith({ a: `x${"😀".repeat(500)}needle${"😀".repeat(500)}` });
    const [match] = (await searchText(workspace, { pattern: "needle" }, signal)).matches;
    expect(match?.text.isWellFormed()).toBe(true);
    expect(match?.text).toMatch(/^…(😀){70,75}needle(😀){70,75}…$/u);
    expect(match?.text).not.toContain("\ufffd");
  });

  test("of 2 MB with a match everywhere is one short match, and the search goes on", async () => {
    const workspace = await workspaceWith({ "a.min.js": "x".repeat(2_000_000), b: "x" });
    const { matches } = await searchText(workspace, { pattern: "x" }, signal);
    expect(matches).toEqual([
      { path: "a.min.js", line: 1, text: `${"x".repeat(300)}…` },
      { path: "b", line: 1, text: "x" },
    ]);
  });

  test("of 20 MB is left out, and said so", async () => {
    const workspace = await workspaceWith({ a: `${"x".repeat(20_000_000)}needle`, b: "needle" });
    expect(await searchText(workspace, { pattern: "needle" }, signal)).toEqual({
      matches: [{ path: "b", line: 1, text: "needle" }],
      notice: "A match is left out: its line is too long to be read.",
    });
  });
});

describe("ripgrep is not left running", () => {
  /** The ripgreps that this process started and that still run: those that stand in the folder. */
  const running = (root: string) =>
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => {
        try {
          return (
            readlinkSync(`/proc/${pid}/cwd`) === root && readlinkSync(`/proc/${pid}/exe`).endsWith("/rg")
          );
        } catch {
          return false;
        }
      });

  test.runIf(process.platform === "linux")("after a stop at the limit", async () => {
    const workspace = await workspaceWith({ a: "needle\n".repeat(1_000_000) });
    await searchText(workspace, { pattern: "needle" }, signal);
    expect(running(workspace.root)).toEqual([]);
  });

  test.runIf(process.platform === "linux")(
    "after an abort, which ends the search with its reason",
    async () => {
      const workspace = await workspaceWith();
      execFileSync("truncate", ["-s", "40G", `${workspace.root}/sparse`]);
      const controller = new AbortController();
      const search = searchText(workspace, { pattern: "needle", path: "sparse" }, controller.signal);
      await expect.poll(() => running(workspace.root)).toHaveLength(1);
      controller.abort(new Error("stopped by the user"));
      await expect(search).rejects.toThrow("stopped by the user");
      expect(running(workspace.root)).toEqual([]);
    },
  );

  test("an abort before the start starts nothing", async () => {
    const workspace = await workspaceWith({ a: "needle" });
    await expect(searchText(workspace, { pattern: "needle" }, AbortSignal.abort())).rejects.toThrow(
      "aborted",
    );
  });
});
