import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";

/** Preloaded with `node --import`, it writes the URL of each module that is loaded to the file in LOADED_MODULES. */
const file = process.env.LOADED_MODULES ?? "";
registerHooks({
  load(url, context, next) {
    appendFileSync(file, `${url}\n`);
    return next(url, context);
  },
});
