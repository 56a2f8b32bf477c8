import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vitepress";
import { standaloneHtml } from "../../packages/inspector/src/html.ts";
import { pageCode } from "../../packages/inspector/src/page.ts";
import { docsFolder } from "./phases.ts";

const folder = join(docsFolder, "traces");

/** Each trace of the book as a page of its own, the same that `pnpm phase inspect` shows: `/traces/5-fix.html`. */
export function tracePages(): Plugin {
  const page = async (name: string) =>
    standaloneHtml(await pageCode(), readFileSync(join(folder, `${name}.jsonl`), "utf8"));
  const names = readdirSync(folder).flatMap((file) => /^(.*)\.jsonl$/.exec(file)?.[1] ?? []);
  let forBrowser = true;
  return {
    name: "trace-pages",
    configResolved(config) {
      forBrowser = !config.build.ssr;
    },
    configureServer(server) {
      server.middlewares.use("/traces/", (request, response, next) => {
        const name = names.find((each) => request.url === `/${each}.html`);
        if (name === undefined) return next();
        page(name).then((html) => response.setHeader("content-type", "text/html").end(html), next);
      });
    },
    async generateBundle() {
      if (!forBrowser) return;
      for (const name of names) {
        this.emitFile({ type: "asset", fileName: `traces/${name}.html`, source: await page(name) });
      }
    },
  };
}
