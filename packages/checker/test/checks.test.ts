import { expect, test } from "vitest";
import { acceptances, applicableChecks, checkCommand, checks } from "../src/index.ts";

test("each check has an id of its own, of the phase that it begins with", () => {
  const ids = checks.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => /^[1-8]\.[a-z0-9-]+$/.test(id))).toBe(true);
});

test("a title and its mark fit a line of 80 columns", () => {
  expect([...checks, ...acceptances].filter(({ title }) => title.length > 72)).toEqual([]);
});

test("a check applies from its phase on, until the phase that says why it ends", () => {
  const phases = (id: string) =>
    [1, 2, 3, 4, 5, 6, 7, 8].filter((n) => applicableChecks(n).some((c) => c.id === id));
  expect(phases("1.answers")).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(phases("5.ctrl-c")).toEqual([5, 6, 7, 8]);
  for (const { phase, until } of checks) expect(until === undefined || until.phase > phase).toBe(true);
});

test.for([[["--only", "9.none"]], [["--provider", "parrot"]], [["--sideways"]], [["stray"]]])(
  "wrong usage is exit code 2: %s",
  async ([argv = []]) => {
    expect(await checkCommand(1, argv)).toBe(2);
  },
);

test("the command exits with 0 for an agent that passes, and with 1 for one that does not", async () => {
  const agent = `"${process.execPath}" "${import.meta.dirname}/agent/main.ts"`;
  const check = (command: string) =>
    checkCommand(1, ["--only", "1.answers", "--provider", "chat", "--agent", command]);
  expect(await check(agent)).toBe(0);
  expect(await check(`${agent} --sin prints-the-banner-on-stdout`)).toBe(1);
});

test("a command names files from where the user stands, and one that is not there is wrong usage", async () => {
  const check = (command: string) =>
    checkCommand(1, ["--only", "1.answers", "--provider", "chat", "--agent", command]);
  expect(await check("node test/agent/main.ts")).toBe(0);
  expect(await check("node test/agent/mine.ts")).toBe(2);
});
