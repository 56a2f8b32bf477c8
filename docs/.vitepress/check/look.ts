import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { views, watch } from "./browser.ts";
import type { Finding } from "./report.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Opens every page in both windows: nothing sticks out, nothing fails, nothing is fetched from elsewhere, axe is content. */
export async function look(browser: Browser, site: string, paths: readonly string[]): Promise<Finding[]> {
  const wide: string[] = [];
  const noise: string[] = [];
  const access: string[] = [];
  const drawn: string[] = [];
  const code: string[] = [];
  let blocks = 0;
  let diagrams = 0;
  for (const view of views) {
    const context = await browser.newContext(view.options);
    const page = await context.newPage();
    let where = "";
    watch(page, site, noise, () => where);
    for (const path of paths) {
      where = `${path} ${view.name}`;
      await page.goto(`${site}${path}`, { waitUntil: "networkidle" });
      await unfold(page);
      const figures = await page.locator("figure.diagram").count();
      diagrams += figures;
      if (figures > 0) drawn.push(...(await undrawn(page, where)));
      const { count, wrong } = await codeBlocks(page, view.isWide);
      blocks += count;
      code.push(...wrong.map((found) => `${where}: ${found}`));
      const over = await overflow(page);
      if (over) wide.push(`${where}: ${over}`);
      access.push(...(await seriousFindings(page)).map((found) => `${where}: ${found}`));
    }
    await context.close();
  }
  const count = `${paths.length} pages, light at 1280 and dark at 390`;
  return [
    { checked: `${count}: nothing sticks out of the window`, wrong: wide },
    { checked: `${count}: no error on the console, no request that leaves the machine`, wrong: noise },
    { checked: `${count}: axe finds nothing serious`, wrong: access },
    {
      checked: `${blocks} blocks of code: none overflows at 1280, no line of a diff covers another`,
      wrong: code,
    },
    { checked: `${diagrams} diagrams are drawn, and fit a screen`, wrong: drawn },
  ];
}

/** Lays out what is out of sight, which a page leaves for later, so that it is looked at too. */
export async function layOut(page: Page): Promise<void> {
  await page.evaluate(() => {
    const style = document.createElement("style");
    style.textContent = "* { content-visibility: visible !important }";
    document.head.append(style);
  });
}

/** Opens what is folded, so that it is looked at too. */
async function unfold(page: Page): Promise<void> {
  await layOut(page);
  await page.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });
}

async function undrawn(page: Page, where: string): Promise<string[]> {
  try {
    for (const figure of await page.locator("figure.diagram").all()) await figure.scrollIntoViewIfNeeded();
    const waiting = "figure.diagram:not(.drawn)";
    await page.waitForFunction((selector) => !document.querySelector(selector), waiting, { timeout: 20_000 });
    const tall = await page.evaluate(
      () =>
        [...document.querySelectorAll("figure.diagram svg")].filter((svg) => svg.clientHeight > innerHeight)
          .length,
    );
    const wide = await page.evaluate(
      () =>
        [...document.querySelectorAll(".drawing")].filter((each) => each.scrollWidth > each.clientWidth)
          .length,
    );
    return [
      ...(tall > 0 ? [`${where}: ${tall} diagrams are taller than the window`] : []),
      ...(wide > 0 ? [`${where}: ${wide} diagrams are wider than the window`] : []),
    ];
  } catch {
    return [`${where}: a diagram is not drawn`];
  }
}

/** Blocks of code that are wider inside than outside, where that is asked, and lines that do not have a line's height. */
async function codeBlocks(page: Page, isWide: boolean): Promise<{ count: number; wrong: string[] }> {
  return page.evaluate((isWide) => {
    const blocks = [
      ...document.querySelectorAll("div[class*=language-] pre, .phase-diff .code, .steps-page .code"),
    ];
    const wrong = blocks.flatMap((block) => {
      const over = block.scrollWidth - block.clientWidth;
      const name = block.textContent?.trim().slice(0, 40);
      if (isWide && over > 0) return [`${over} pixels too narrow: ${name}`];
      const lines = [...block.querySelectorAll(".line")];
      const flat = lines.filter((line, at) => {
        const next = lines[at + 1]?.getBoundingClientRect();
        const { height, top } = line.getBoundingClientRect();
        // Side by side, two cells have the same top.
        return height < 15 || (next && next.top > top && next.top < top + height - 1);
      });
      return flat.length > 0 ? [`${flat.length} lines are covered: ${name}`] : [];
    });
    return { count: blocks.length, wrong };
  }, isWide);
}

/** What sticks out of the window, in words; undefined when nothing does. */
export async function overflow(page: Page): Promise<string | undefined> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return undefined;
    const wide = [...document.querySelectorAll("body *")].filter(
      (each) => each.getBoundingClientRect().right > width + 1,
    );
    const last = wide.at(-1);
    return `${document.documentElement.scrollWidth} wide: ${last?.tagName.toLowerCase()}.${last?.className}`;
  });
}

/** A sentence for each finding of axe that is serious or critical. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const run = Reflect.get(globalThis, "axe").run;
    const { violations }: { violations: Violation[] } = await run(document, { resultTypes: ["violations"] });
    interface Violation {
      id: string;
      impact: string;
      nodes: { target: string[] }[];
    }
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.length} × ${nodes[0]?.target.join(" ")}`);
  });
}
