import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readFile } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectEqual, expectText, expectThat } from "../expect.ts";
import { lastUserText, resultsIn } from "../requests.ts";
import type { Workbench } from "../workbench.ts";
import { callNew } from "./tool.ts";

export const chapter2: readonly Check[] = [
  check("2.1", "the tool `now` tells today's date and the time of the call", async (bench) => {
    const before = Date.now();
    const [text] = await callNew(bench, ["now"], [{ name: "now", input: {} }]);
    const after = Date.now();
    expectText(text, String(new Date().getFullYear()), "a result of `now` that tells the year");
    const minutes: string[] = [];
    for (let time = before; time < after + 60_000; time += 60_000)
      minutes.push(String(new Date(time).getMinutes()).padStart(2, "0"));
    expectText(text, new RegExp(`\\b\\d{1,2}:(?:${minutes.join("|")})\\b`), "a result that tells the time");
  }),

  check("2.2", "a turn goes on for two minutes, then ends as at a step limit", async (bench) => {
    await bench.put(Object.fromEntries([0, 1, 2, 3].map((n) => [`${n}.txt`, `file ${n}\n`])));
    const clock = join(bench.outside, "milliseconds.txt");
    await bench.serve(async (request, index) => {
      if (lastUserText(request).includes("And now?")) return { text: "On we go." };
      await writeFile(clock, String([0, 100_000, 125_000][index] ?? 125_000));
      return index < 4 ? { calls: [readFile(`${index}.txt`)] } : { text: "No limit has ended this turn." };
    });
    const terminal = await bench.converse([], { env: await preload(bench, clockOf(clock)) });
    await terminal.ask("Count.");
    await terminal.prompt();
    expectPreloaded(bench);
    const requests = bench.requests.length;
    expectThat(requests >= 3, "a turn that goes on after 100 s", `it ended after ${requests} requests`);
    expectThat(requests === 3, "no further request once 125 s have passed", `${requests} requests`);
    expectText(terminal.screen, "limit", "what the user is told");
    await terminal.ask("And now?");
    await terminal.shows("On we go.");
    expectEqual(resultsIn(bench.requests.at(-1)).length, 3, "the results that the next turn brings");
  }),

  check("2.3", "the calls of one reply run side by side, their results in order", async (bench) => {
    await bench.put({ "waits.txt": "first\n", "other.txt": "second\n" });
    const met = join(bench.outside, "met.txt");
    const env = await preload(bench, meeting(met));
    await bench.serve([{ calls: [readFile("waits.txt"), readFile("other.txt")] }, { text: "done" }]);
    const { code } = await bench.run(["go"], { env });
    expectPreloaded(bench);
    expectEqual(code, 0, "exit code");
    const [first, second] = resultsIn(bench.requests.at(-1));
    expectText(first, "first", "the result of the first call");
    expectText(second, "second", "the result of the second call");
    expectThat(
      existsSync(met),
      "the second file read while the first call still waits for its own",
      "it was not",
    );
  }),
];

/** Has the agent, a program of Node, run this first. Returns the environment for that. */
async function preload({ outside }: Workbench, source: string): Promise<Record<string, string>> {
  const file = join(outside, "first.mjs");
  const tell = `import fs from "node:fs";\nfs.writeFileSync(${JSON.stringify(join(outside, "loaded"))}, "");\n`;
  await writeFile(file, tell + source);
  return { NODE_OPTIONS: `--import=${pathToFileURL(file).href}` };
}

function expectPreloaded({ outside }: Workbench): void {
  const what = "an agent that Node runs: this exercise looks into its process";
  expectThat(existsSync(join(outside, "loaded")), what, "another program");
}

/** The clocks of a process go ahead by the milliseconds that the file says. */
const clockOf = (file: string) => `
const ahead = () => {
  try {
    return Number(fs.readFileSync(${JSON.stringify(file)}, "utf8"));
  } catch {
    return 0;
  }
};
const [now, dateNow] = [performance.now.bind(performance), Date.now];
performance.now = () => now() + ahead();
globalThis.Date = class extends Date {
  constructor(...given) {
    super(...(given.length > 0 ? given : [dateNow() + ahead()]));
  }
  static now() {
    return dateNow() + ahead();
  }
};
`;

/** Whoever opens waits.txt waits until other.txt is opened too, or for so long that it will not be. Their meeting is noted. */
const meeting = (note: string) => `
import { syncBuiltinESMExports } from "node:module";
let waiting = 0;
let meet = () => {};
const met = new Promise((resolve) => { meet = resolve; });
let over;
for (const name of ["open", "readFile", "stat", "lstat", "realpath", "access"]) {
  const real = fs.promises[name];
  fs.promises[name] = async (path, ...more) => {
    if (String(path).endsWith("other.txt")) {
      if (waiting > 0) fs.writeFileSync(${JSON.stringify(note)}, "");
      meet();
    }
    if (String(path).endsWith("waits.txt")) {
      waiting += 1;
      over ??= new Promise((resolve) => setTimeout(resolve, 2_000));
      await Promise.race([met, over]);
      waiting -= 1;
    }
    return real(path, ...more);
  };
}
syncBuiltinESMExports();
`;
