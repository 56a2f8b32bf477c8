import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { CommandError, findPhases, phaseNumbered, repoRoot } from "./phases.ts";
import { step } from "./step.ts";

const phases = findPhases(repoRoot);
const folder = mkdtempSync(join(tmpdir(), "eightfold-step-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let printed = "";
beforeEach(() => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += text;
    return true;
  });
});
const run = (number: number, ...words: string[]) => step(phaseNumbered(String(number), phases), words);

describe("pnpm phase N step", () => {
  test("lists the steps of the chapter, with what each turns green", async () => {
    expect(await run(6)).toBe(0);
    expect(printed).toMatch(/^ 1 {2}\S.*\n {4}6\.[a-z-]+: \S/);
  });

  test("lays a program that runs into a new folder, outside of this clone too", async () => {
    const mine = join(folder, "mine");
    expect(await run(2, "0", "--into", mine)).toBe(0);
    expect(readdirSync(join(mine, "src"))).toEqual(["agent.ts", "main.ts"]);
    expect(existsSync(join(mine, "node_modules/@eightfold/core/src/index.ts"))).toBe(true);
    expect(readdirSync(folder)).toEqual(["mine"]);
    await expect(run(2, "1", "--into", mine)).rejects.toThrow(/is not empty/);
  });

  test("says where a reader's program is another one, and takes the end of a line as it comes", async () => {
    const mine = join(folder, "other");
    cpSync(phaseNumbered("2", phases).folder, mine, {
      recursive: true,
      filter: (path) => !path.includes("node_modules"),
    });
    const main = readFileSync(join(mine, "src/main.ts"), "utf8");
    writeFileSync(join(mine, "src/main.ts"), main.replaceAll("\n", "\r\n"));
    expect(await run(3, "0", "--mine", mine)).toBe(0);
    expect(printed).toMatch(/^\d+ files, all as in the book\.\n$/);
    writeFileSync(join(mine, "src/main.ts"), main.replace("agent", "agnet"));
    writeFileSync(join(mine, "src/more.ts"), "more();\n");
    rmSync(join(mine, "src/agent.ts"));
    printed = "";
    expect(await run(3, "0", "--mine", mine)).toBe(1);
    expect(printed).toMatch(/src\/agent\.ts: you do not have it\n/);
    expect(printed).toMatch(/src\/main\.ts: line \d+\n {2}yours {5}.*agnet.*\n {2}the book {2}.*agent/);
    expect(printed).toMatch(/src\/more\.ts: not in the book so far\n/);
  });

  test.for([
    [["x"], /^Write it as pnpm phase 6 step, step 2,/],
    [["--into", "a"], /^Write it as/],
    [["1", "--into", "a", "--mine", "b"], /^Write it as/],
    [["1", "--bla"], /--bla/],
    [["99"], /^Chapter 6 has no step 99: it has 1 to \d, and 0 is what it begins with\.$/],
    [["1", "--mine", folder], /has no files in src/],
    [
      ["1", "--into", join(folder, "mine/package.json/x")],
      /x cannot be written\. EEXIST: file already exists\.$/,
    ],
  ] as const)("with %j says what is wrong", async ([words, message]) => {
    await expect(run(6, ...words)).rejects.toThrow(CommandError);
    await expect(run(6, ...words)).rejects.toThrow(message);
  });
});
