import { startBrowser } from "./browser.ts";
import { checkDiffPage } from "./diff-page.ts";
import { checkLinks } from "./links.ts";
import { look } from "./look.ts";
import { builtPages, distFolder } from "./pages.ts";
import { checkRecordings } from "./recordings.ts";
import { type Finding, print } from "./report.ts";
import { checkSearch } from "./search.ts";
import { serve } from "./serve.ts";
import { checkStepPage } from "./step-page.ts";
import { checkWithoutScript } from "./without-script.ts";

/** The checks of `pnpm site:check` on the built site: each prints what it looked at, and exit 1 says that one failed. */

const pages = builtPages();
const paths = pages.map(({ path }) => path);
const site = await serve(distFolder);
const browser = await startBrowser();
let failed = 0;
const tell = (finding: Finding) => {
  print(finding);
  if (finding.wrong.length > 0) failed += 1;
};

// First, since it compares what was just built with the folders as they are.
for (const finding of await checkDiffPage(browser, site.url)) tell(finding);
tell(await checkStepPage(browser, site.url));
tell(checkLinks(pages));
tell(await checkWithoutScript(browser, site.url, paths));
tell(await checkSearch(browser, site.url));
tell(await checkRecordings(browser, site.url, pages));
for (const finding of await look(browser, site.url, [...paths, "/diff#7-8", "/steps#8.5"])) tell(finding);

await browser.close();
site.close();
console.log(failed === 0 ? "The site is as it should be." : `${failed} checks failed.`);
process.exitCode = failed === 0 ? 0 : 1;
