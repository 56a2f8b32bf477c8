import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";

/** Preloaded with `node --import`, it writes the URL of each module that is loaded to the file in LOADED_MODULES. */
const file = process.env.LOADED_MODULES ?? "";
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    appendFileSync(file, `${resolved.url}\n`);
    return resolved;
  },
});
