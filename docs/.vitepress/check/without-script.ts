import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { docsFolder } from "../phases.ts";
import { layOut } from "./look.ts";
import type { Finding } from "./report.ts";

/** Without JavaScript: each heading and the first line of each block of code is on the page, to be read. */
export async function checkWithoutScript(
  browser: Browser,
  site: string,
  paths: readonly string[],
): Promise<Finding> {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  const wrong: string[] = [];
  for (const path of paths) {
    await page.goto(`${site}${path}`);
    await layOut(page);
    const shown = squeezed((await page.locator("main").allInnerTexts()).join("\n"));
    const folded = squeezed((await page.locator("main details").allTextContents()).join("\n"));
    for (const text of textsOf(path)) {
      if (!shown.includes(text) && !folded.includes(text)) wrong.push(`${path}: it does not show: ${text}`);
    }
  }
  await page.goto(`${site}/diff`);
  const links = await page.locator("main a[href*='diffs/']:visible").count();
  if (links !== 7) wrong.push(`/diff: it shows ${links} links to pages of diffs, not 7`);
  await context.close();
  return { checked: `${paths.length} pages can be read without JavaScript`, wrong };
}

/** Each heading and each fence's first line, as plain text without blanks. */
function textsOf(path: string): string[] {
  const text = readFileSync(join(docsFolder, `${path === "/" ? "/index" : path}.md`), "utf8");
  const fences = [...text.matchAll(/^```(\w+).*\n(.+)\n[\s\S]*?^```$/gm)];
  const prose = text.replaceAll(/^(`{3,})[\s\S]*?^\1$/gm, "");
  const headings = [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) =>
    heading.replaceAll(/[`*]|\]\(.*?\)|\[/g, ""),
  );
  const lines = fences.map(([, language, line = ""]) =>
    language === "diff" ? line.replace(/^[ +-]/, "") : line,
  );
  return [...headings, ...lines].map(squeezed).filter(Boolean);
}

const squeezed = (text: string) => text.replaceAll(/\s+/g, "");
