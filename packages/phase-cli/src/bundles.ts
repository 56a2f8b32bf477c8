import { existsSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** What core imports that comes as a hundred small files. As one file each they load in a third of the time. */
export const bundled: readonly string[] = ["openai", "@google/genai/web", "ollama", "zod"];

/** Where the bundle of the installed version of a package stands, or would stand. */
export function bundlePath(root: string, specifier: string): string {
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  const manifest = join(root, "packages/core/node_modules", name, "package.json");
  const { version } = JSON.parse(readFileSync(manifest, "utf8"));
  return join(
    root,
    "node_modules/.cache/eightfold/packages",
    `${specifier.replaceAll("/", "+")}@${version}.mjs`,
  );
}

/**
 * From now on, importing one of these packages loads its bundle; without one, the package itself. A relative path to
 * TypeScript is taken at its word: Node would ask for links and package.json files along the way, of each of a hundred.
 */
export function preferBundles(root: string): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (/^\.\.?\/.*\.ts$/.test(specifier)) {
        const url = new URL(specifier, context.parentURL);
        if (existsSync(url)) return { url: url.href, format: "module-typescript", shortCircuit: true };
      }
      if (!bundled.includes(specifier)) return next(specifier, context);
      const bundle = bundlePath(root, specifier);
      if (!existsSync(bundle)) return next(specifier, context);
      return { url: pathToFileURL(bundle).href, format: "module", shortCircuit: true };
    },
  });
}
