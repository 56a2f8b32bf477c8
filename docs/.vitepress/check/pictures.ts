import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { release, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { docsFolder, repoFolder } from "../phases.ts";
import { startBrowser } from "./browser.ts";

/** Takes the book's pictures of the page that shows traces, for docs/pictures. */

const folder = mkdtempSync(join(tmpdir(), "eightfold-pictures-"));

interface Picture {
  readonly name: string;
  readonly trace: string;
  readonly height: number;
  /** Brings the page to what is shown. */
  show(page: Page): Promise<void>;
}

const fullWindow = join(docsFolder, "traces/8-full-window.jsonl");

/** The next request that broke the prefix. */
async function toBreak(page: Page): Promise<void> {
  await page.keyboard.press("b");
  await page.locator(".break").waitFor();
}

const pictures: readonly Picture[] = [
  { name: "trace-page", trace: fullWindow, height: 760, show: toBreak },
  { name: "clock", trace: traceWithClock(), height: 600, show: toBreak },
  {
    name: "window",
    trace: fullWindow,
    height: 600,
    show: (page) => page.locator(".ledger li.step button").nth(5).click(),
  },
];

/** A turn of chapter 6's agent with the clock that the chapter puts into its prompt. */
function traceWithClock(): string {
  const chapter = readFileSync(join(docsFolder, "06-prompt.md"), "utf8");
  const [, old, added] = /check=6\.stable-prefix -->\n```diff\n-(.+)\n((?:\+.+\n)+)```/.exec(chapter) ?? [];
  const agent = readFileSync(join(repoFolder, "phases/6-prompt/src/agent.ts"), "utf8");
  if (!old || !added || !agent.includes(old)) throw new Error("Chapter 6 puts no clock into src/agent.ts.");
  const phase = join(folder, "6-prompt");
  cpSync(join(repoFolder, "phases/6-prompt/src"), join(phase, "src"), { recursive: true });
  cpSync(join(repoFolder, "phases/6-prompt/package.json"), join(phase, "package.json"));
  symlinkSync(join(repoFolder, "phases/6-prompt/node_modules"), join(phase, "node_modules"), "junction");
  writeFileSync(join(phase, "src/agent.ts"), agent.replace(old, added.replaceAll(/^\+/gm, "")));
  const workspace = join(folder, "playground");
  cpSync(join(repoFolder, "playground"), workspace, { recursive: true });
  const trace = join(folder, "clock.jsonl");
  const words = ["--cwd", workspace, "--trace", trace, "where is parse defined?"];
  // What this machine calls its system is nobody's business.
  const env = { ...process.env, XDG_STATE_HOME: folder, EIGHTFOLD_MODEL: "demo", MACHINE_SECRET: release() };
  run([join(phase, "src/main.ts"), ...words], env);
  return trace;
}

function run(args: readonly string[], env = process.env): void {
  const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${args[0]} ended with ${status}: ${stderr}`);
}

async function take(browser: Browser, { name, trace, height, show }: Picture): Promise<void> {
  const html = join(folder, `${name}.html`);
  run([join(repoFolder, "packages/phase-cli/src/main.js"), "inspect", trace, "--html", html]);
  const page = await browser.newPage({ viewport: { width: 1200, height }, colorScheme: "light" });
  await page.goto(pathToFileURL(html).href);
  await page.locator(".ledger li.step").first().waitFor();
  await show(page);
  await page.screenshot({ path: join(docsFolder, `pictures/${name}.png`) });
  await page.close();
}

const browser = await startBrowser();
for (const picture of pictures) await take(browser, picture);
await browser.close();
rmSync(folder, { recursive: true, force: true });
