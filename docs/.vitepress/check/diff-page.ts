import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { type Phase, readPhases, repoFolder } from "../phases.ts";
import { watch } from "./browser.ts";
import type { Finding } from "./report.ts";

/** The added lines of each file, by path. */
type Added = ReadonlyMap<string, readonly string[]>;

/** Shows every pair of phases, and compares the added lines on the screen with those of `git diff --no-index`. */
export async function checkDiffPage(browser: Browser, site: string): Promise<Finding[]> {
  const phases = readPhases();
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const wrong: string[] = [];
  const noise: string[] = [];
  watch(page, site, noise, () => "/diff");
  await page.goto(`${site}/diff#1-2`, { waitUntil: "networkidle" });
  let lines = 0;
  let pairs = 0;
  for (const from of [undefined, ...phases]) {
    for (const to of phases.filter(({ number }) => number > (from?.number ?? 0))) {
      const pair = `${from?.number ?? 0}-${to.number}`;
      const shown = await shownLines(page, pair);
      const real = from ? gitLines(from, to) : wholeFiles(to);
      wrong.push(...differences(pair, shown, real));
      lines += [...real.values()].reduce((sum, added) => sum + added.length, 0);
      pairs += 1;
    }
  }
  const keys = await checkKeys(page);
  await page.close();
  return [
    { checked: `${lines} added lines of ${pairs} pairs of phases are those of git diff`, wrong },
    { checked: "the diff page works from its address and with keys", wrong: [...noise, ...keys] },
  ];
}

async function shownLines(page: Page, pair: string): Promise<Added> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, pair);
  await page.waitForSelector(`.phase-diff[data-pair="${pair}"]`);
  const files = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>(".phase-diff .file")].map((file): [string, string[]] => [
      file.dataset.path ?? "",
      [...file.querySelectorAll("td.line.add")].map((line) => line.textContent ?? ""),
    ]),
  );
  return new Map(files.filter(([, added]) => added.length > 0));
}

function gitLines(from: Phase, to: Phase): Added {
  const folders = [from, to].map(({ folder }) => join("phases", folder, "src"));
  const flags = ["diff", "--no-index", "--no-color", "--no-ext-diff", "--no-renames", "-U0"];
  const { stdout, error } = spawnSync("git", [...flags, ...folders], {
    cwd: repoFolder,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  if (error) throw error;
  const files = new Map<string, string[]>();
  let added: string[] = [];
  for (const line of stdout.split("\n")) {
    const [, path] = /^\+\+\+ b\/phases\/[^/]+\/(.*)$/.exec(line) ?? [];
    if (path) {
      added = [];
      files.set(path, added);
    } else if (line.startsWith("+") && !line.startsWith("+++ ")) added.push(line.slice(1));
  }
  return new Map([...files].filter(([, lines]) => lines.length > 0));
}

function wholeFiles(phase: Phase): Added {
  return new Map([...phase.files].map(([path, text]) => [path, text.replace(/\n$/, "").split("\n")]));
}

function differences(pair: string, shown: Added, real: Added): string[] {
  return [...new Set([...shown.keys(), ...real.keys()])].flatMap((path) => {
    const [one, other] = [shown.get(path) ?? [], real.get(path) ?? []].map((lines) => [...lines].sort());
    if (JSON.stringify(one) === JSON.stringify(other)) return [];
    const extra = one?.find((line) => !other?.includes(line)) ?? other?.find((line) => !one?.includes(line));
    return [`${pair} ${path}: ${one?.length} lines on the page, ${other?.length} in git; such as: ${extra}`];
  });
}

/** An address with a file and lines, the next file by key, two columns by key. */
async function checkKeys(page: Page): Promise<string[]> {
  const wrong: string[] = [];
  const expect = async (what: string, check: () => boolean) => {
    const isTrue = await page.waitForFunction(check, undefined, { timeout: 3000 }).catch(() => undefined);
    if (!isTrue) wrong.push(`/diff: ${what}`);
  };
  await page.evaluate(() => {
    location.hash = "#1-2/src/agent.ts:12-20";
  });
  await expect(
    "an address with lines points at nine lines",
    () => document.querySelectorAll(".pointed").length === 9,
  );
  await page.keyboard.press("n");
  await expect("the key n does not go to the next file", () => location.hash === "#1-2/src/main.ts");
  await page.keyboard.press("s");
  await expect("the key s does not show two columns", () => document.querySelector("table.split") !== null);
  await page.keyboard.press("u");
  await expect("the key u does not show one column", () => document.querySelector("table.split") === null);
  await page.evaluate(() => {
    location.hash = "#3-4/src/agent.ts";
  });
  await expect(
    "a carried file is not shown",
    () => document.querySelectorAll("[data-state=carried] tr").length > 20,
  );
  return wrong;
}
