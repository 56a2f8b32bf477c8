import type { Browser } from "playwright-core";
import { openRepo, stepsOf } from "../../../packages/book/src/index.ts";
import { readPhases, repoFolder } from "../phases.ts";
import { watch } from "./browser.ts";
import type { Finding } from "./report.ts";

/** Shows every file of the program after every step, and compares it with what `pnpm phase N step` lays into a folder. */
export async function checkStepPage(browser: Browser, site: string): Promise<Finding> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const wrong: string[] = [];
  watch(page, site, wrong, () => "/steps");
  await page.goto(`${site}/steps#1.0`, { waitUntil: "networkidle" });
  const repo = openRepo(repoFolder);
  let count = 0;
  for (const { number: phase } of readPhases()) {
    for (const { number, program } of stepsOf(repo, phase).steps) {
      for (const [path, lines] of program) {
        if (lines.length === 0) continue;
        const hash = `#${phase}.${number}/${path}`;
        count += 1;
        await page.evaluate((to) => {
          location.hash = to;
        }, hash);
        const shown = page.locator(
          `.steps-page[data-step="${phase}.${number}"] .code[aria-label="${path}"] .line`,
        );
        const texts = await shown
          .first()
          .waitFor({ timeout: 5000 })
          .then(() => shown.allTextContents())
          .catch(() => []);
        if (texts.join("\n") !== lines.join("\n"))
          wrong.push(`/steps${hash}: it is another file than the book's`);
      }
    }
  }
  await page.evaluate(() => {
    location.hash = "#5.2";
  });
  await page.locator('[data-step="5.2"]').waitFor();
  await page.keyboard.press("n");
  await page
    .locator('[data-step="5.3"]')
    .waitFor({ timeout: 3000 })
    .catch(() => wrong.push("/steps: the key n does nothing"));
  await page.close();
  return { checked: `${count} files of the programs after each step are the book's`, wrong };
}
