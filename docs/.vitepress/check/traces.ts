import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { startTerminal } from "../../../packages/checker/src/agent-terminal.ts";
import { docsFolder } from "../phases.ts";
import { startBrowser, views, watch } from "./browser.ts";
import { overflow, seriousFindings } from "./look.ts";
import { type Finding, print } from "./report.ts";
import { brokenByClock, hostile, longSession } from "./trace-samples.ts";

/** Looks at the page that shows traces, as a user of `--inspect` and of `pnpm phase inspect` does. */

const main = join(docsFolder, "../packages/phase-cli/src/main.js");
const folder = mkdtempSync(join(tmpdir(), "eightfold-traces-"));
const env = { ...process.env, XDG_STATE_HOME: folder, EIGHTFOLD_MODEL: "demo" };

/** A run while it goes on: the page is opened before anything is asked, and is not loaded again. */
async function live(browser: Browser): Promise<Finding> {
  const wrong: string[] = [];
  const agent = await startTerminal([process.execPath, main, "5", "start", "--inspect"], env);
  try {
    await agent.shows("#token=");
    await agent.prompt();
    const address = /http:\S+#token=[\w-]+/.exec(agent.screen)?.[0] ?? "";
    const page = await browser.newPage(views[0]?.options);
    watch(page, new URL(address).origin, wrong, () => "live");
    await page.goto(address);
    await page.getByText("Nothing was sent yet.").waitFor();
    await agent.ask("run the tests and fix what fails");
    await page.locator(".ledger li.step").nth(8).waitFor({ timeout: 60_000 });
    await page.locator(".head .live").waitFor();
    await page.keyboard.press("k");
    await page.getByRole("button", { name: "follow" }).click();
    await agent.ask("/exit");
    await page.locator(".head", { hasText: "done" }).waitFor();
    await page.close();
    const stranger = await browser.newPage();
    await stranger.goto(address.replace(/=.*/, "=wrong"));
    await stranger.getByText("The address has no valid token.").waitFor();
    agent.press("\x03");
    const code = await agent.end();
    if (code !== 0) wrong.push(`the agent ended with ${code}`);
  } catch (error) {
    wrong.push(`${error instanceof Error ? error.message : error}\n${agent.screen.slice(-1500)}`);
    agent.kill();
  }
  return { checked: "a run is shown while it goes on, and to nobody without the token", wrong };
}

/** Every trace of the book, one that breaks and one that attacks, served and as a file, in both windows: each view of a request and a call. */
async function opened(browser: Browser): Promise<Finding[]> {
  const clock = join(folder, "clock.jsonl");
  writeFileSync(clock, brokenByClock());
  const evil = join(folder, "evil.jsonl");
  writeFileSync(evil, hostile());
  const traces = join(docsFolder, "traces");
  const files = [clock, evil, ...readdirSync(traces).map((name) => join(traces, name))];
  const [failed, wide, access]: [string[], string[], string[]] = [[], [], []];
  for (const file of files) {
    const name = file.split(/[\\/]/).at(-1) ?? "";
    const html = join(folder, `${name}.html`);
    await ended(spawn(process.execPath, [main, "inspect", file, "--html", html], { stdio: "ignore" }));
    const served = spawn(process.execPath, [main, "inspect", file], { stdio: ["ignore", "pipe", "ignore"] });
    const address = await firstLine(served);
    for (const [index, view] of views.entries()) {
      const where = () => `${name}, ${view.name}`;
      const page = await browser.newPage(view.options);
      const url = index === 0 ? address : pathToFileURL(html).href;
      watch(page, index === 0 ? new URL(address).origin : "file://", failed, where);
      await page.goto(url);
      try {
        if (file === clock) await namesClock(page);
        await lookAtAll(page, where, wide, access);
      } catch (error) {
        failed.push(`${where()}: ${error instanceof Error ? error.message : error}`);
      }
      await page.close();
    }
    served.kill();
  }
  const count = `${files.length} traces, served at 1280 and as a file at 390`;
  return [
    { checked: `${count}: each view opens, and asks for nothing elsewhere`, wrong: failed },
    { checked: `${count}: nothing sticks out of the window`, wrong: wide },
    { checked: `${count}: axe finds nothing serious`, wrong: access },
  ];
}

async function namesClock(page: Page): Promise<void> {
  await page.locator(".ledger li.step").nth(1).waitFor();
  await page.keyboard.press("b");
  await page
    .getByText("A clock: “12:00:08” was “12:00:01” in the request before.")
    .waitFor({ state: "attached" });
  const isFile = page.url().startsWith("file:");
  await page.getByText(isFile ? "no end recorded" : "live").waitFor({ state: "attached" });
}

async function lookAtAll(page: Page, where: () => string, wide: string[], access: string[]): Promise<void> {
  await page.locator(".ledger li.step button").last().click();
  for (const tab of ["New", "Whole", "Raw", "Reply", "Time"]) {
    await page.getByRole("tab", { name: tab }).click();
    await judge(page, () => `${where()}, ${tab}`, wide, access);
  }
  const back = page.locator(".back");
  if (await back.isVisible()) {
    await back.click();
    await judge(page, () => `${where()}, all steps`, wide, access);
  }
  const call = page.locator(".ledger li.call button").last();
  if ((await call.count()) === 0) return;
  await call.click();
  await judge(page, () => `${where()}, a call`, wide, access);
}

async function judge(page: Page, where: () => string, wide: string[], access: string[]): Promise<void> {
  const over = await overflow(page);
  if (over) wide.push(`${where()}: ${over}`);
  access.push(...(await seriousFindings(page)).map((found) => `${where()}: ${found}`));
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = "";
  for await (const chunk of child.stdout ?? []) {
    text += chunk;
    if (text.includes("\n")) break;
  }
  return text.trim();
}

function ended(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.once("exit", resolve));
}

/** How soon a long session is on the screen, measured and not judged: machines differ. */
async function tellSpeed(browser: Browser): Promise<void> {
  const file = join(folder, "long.jsonl");
  writeFileSync(file, longSession());
  const html = join(folder, "long.html");
  await ended(spawn(process.execPath, [main, "inspect", file, "--html", html], { stdio: "ignore" }));
  const page = await browser.newPage(views[0]?.options);
  const before = performance.now();
  await page.goto(pathToFileURL(html).href);
  await page.waitForFunction(() => document.querySelectorAll(".ledger li").length > 300);
  const opened = performance.now() - before;
  const frames = await page.evaluate(async () => {
    const ledger = document.querySelector(".ledger") ?? document.body;
    const began = performance.now();
    let count = 0;
    for (; ledger.scrollTop + ledger.clientHeight < ledger.scrollHeight - 1; count++) {
      ledger.scrollTop += 400;
      await new Promise(requestAnimationFrame);
    }
    return { count, each: (performance.now() - began) / Math.max(1, count) };
  });
  const kilobytes = Math.round(readFileSync(html).length / 1000);
  console.log(
    `      300 steps, ${kilobytes} kB: on the screen after ${Math.round(opened)} ms; ${frames.count} frames of scrolling, ${frames.each.toFixed(1)} ms each`,
  );
  await page.close();
}

const browser = await startBrowser();
let failures = 0;
for (const finding of [await live(browser), ...(await opened(browser))]) {
  print(finding);
  if (finding.wrong.length > 0) failures += 1;
}
await tellSpeed(browser);
await browser.close();
rmSync(folder, { recursive: true, force: true });
console.log(failures === 0 ? "Traces are shown as they should be." : `${failures} checks failed.`);
process.exitCode = failures === 0 ? 0 : 1;
