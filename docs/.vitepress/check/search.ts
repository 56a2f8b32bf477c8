import type { Browser } from "playwright-core";
import { views, watch } from "./browser.ts";
import { overflow, seriousFindings } from "./look.ts";
import type { Finding } from "./report.ts";

/** What a reader looks for, and the page that must come first. */
const TERMS: readonly (readonly [term: string, page: string])[] = [
  ["resends", "/01-chat-loop"],
  ["close the loop", "/02-read-tool"],
  ["ripgrep", "/03-exploration"],
  ["edit_file", "/04-write"],
  ["run_bash", "/05-shell"],
  ["slash commands", "/06-prompt"],
  ["allow ask deny", "/07-permissions"],
  ["resume", "/08-context"],
  ["MCP", "/09-where-to-go-next"],
  ["OPENAI_BASE_URL", "/providers"],
  ["context window", "/08-window"],
];

/** Types each term into the site's search, as a reader does, and reads the first result. */
export async function checkSearch(browser: Browser, site: string): Promise<Finding> {
  const wrong: string[] = [];
  for (const view of views) {
    const context = await browser.newContext(view.options);
    const page = await context.newPage();
    watch(page, site, wrong, () => `search, ${view.name}`);
    await page.goto(`${site}/`, { waitUntil: "networkidle" });
    await page.locator(".DocSearch-Button").first().click();
    const input = page.locator("#localsearch-input");
    await input.waitFor();
    for (const [term, expected] of TERMS) {
      await input.fill(term);
      await page.waitForTimeout(500); // the search waits for a pause in the typing
      const first = await page
        .locator(".VPLocalSearchBox .result")
        .first()
        .getAttribute("href", { timeout: 5000 })
        .catch(() => null);
      if (first?.split("#")[0] !== expected)
        wrong.push(`${view.name}: "${term}" finds ${first}, not ${expected}`);
    }
    const over = await overflow(page);
    if (over) wrong.push(`search, ${view.name}: ${over}`);
    wrong.push(...(await seriousFindings(page)).map((found) => `search, ${view.name}: ${found}`));
    await context.close();
  }
  return {
    checked: `${TERMS.length} terms find their page first: ${TERMS.map(([term]) => term).join(", ")}`,
    wrong,
  };
}
