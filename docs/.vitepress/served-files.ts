import { extname } from "node:path";
import type { Plugin } from "vitepress";
import { TYPES } from "./check/serve.ts";

/** Serves files that are made for the browser alone: what they hold is asked for when a page needs it, and never compiled. */
export function servedFiles(files: Readonly<Record<string, () => string | Promise<string>>>): Plugin {
  let forBrowser = true;
  return {
    name: "served-files",
    configResolved(config) {
      forBrowser = !config.build.ssr;
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = new URL(request.url ?? "/", "http://site").pathname.slice(1);
        const make = files[path];
        if (!make) return next();
        response.setHeader("content-type", TYPES[extname(path)] ?? "text/plain");
        Promise.resolve(make()).then((text) => response.end(text), next);
      });
    },
    async generateBundle() {
      if (!forBrowser) return;
      for (const [fileName, make] of Object.entries(files))
        this.emitFile({ type: "asset", fileName, source: await make() });
    },
  };
}
