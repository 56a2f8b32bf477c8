import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { views, watch } from "./browser.ts";
import { overflow } from "./look.ts";
import { type BuiltPage, distFolder } from "./pages.ts";
import type { Finding } from "./report.ts";

/** Every recording has a place and a still, is loaded when it is played, and plays. */
export async function checkRecordings(
  browser: Browser,
  site: string,
  pages: readonly BuiltPage[],
): Promise<Finding> {
  const wrong: string[] = [];
  const casts = readdirSync(join(distFolder, "casts"));
  for (const view of views) {
    const page = await browser.newPage(view.options);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    let where = "";
    watch(page, site, wrong, () => where);
    for (const cast of casts) {
      const home = pages.find(
        ({ path, html }) => path.startsWith("/0") && html.includes(`href="/casts/${cast}"`),
      );
      if (!home) wrong.push(`${cast} is on no chapter's page`);
      if (!home) continue;
      where = `${home.path} ${view.name}`;
      asked.length = 0;
      await page.goto(`${site}${home.path}`, { waitUntil: "networkidle" });
      if (asked.some((url) => url.includes("asciinema") || url.endsWith(".cast")))
        wrong.push(`${where}: loads before it is played`);
      await page.locator("details.watch > summary").click();
      await page.locator(".recording button").click();
      const line = page.locator(".recording .ap-line").filter({ hasText: "pnpm phase" }).first();
      await line.waitFor({ timeout: 15_000 }).catch(() => wrong.push(`${where}: it does not play`));
      const over = await overflow(page);
      if (over) wrong.push(`${where}, playing: ${over}`);
    }
    await page.close();
  }
  return { checked: `${casts.length} recordings play, and load when they are played`, wrong };
}
