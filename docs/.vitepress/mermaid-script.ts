import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vitepress";

const NAME = "vendor/mermaid.min.js";

/** Serves mermaid's own bundle as it is: compiled with the site it would take twenty seconds. */
export function mermaidScript(): Plugin {
  const text = () => {
    const main = createRequire(import.meta.url).resolve("mermaid");
    return readFileSync(join(dirname(main), "mermaid.min.js"), "utf8");
  };
  let forBrowser = true;
  return {
    name: "mermaid-script",
    configResolved(config) {
      forBrowser = !config.build.ssr;
    },
    configureServer(server) {
      server.middlewares.use(`/${NAME}`, (_request, response) => {
        response.setHeader("content-type", "text/javascript").end(text());
      });
    },
    generateBundle() {
      if (forBrowser) this.emitFile({ type: "asset", fileName: NAME, source: text() });
    },
  };
}
