import { rename } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { OutputChunk, Plugin } from "rolldown";
import { repoRoot } from "./phases.ts";
import { bundled, bundlePath, importerOf } from "./start.ts";

// Run after each install. A bundle that cannot be made is left out: then the package itself is loaded, more slowly.

for (const specifier of bundled) {
  try {
    const file = bundlePath(repoRoot, specifier);
    const unfinished = `${file}.${process.pid}`; // another install may be writing the same
    const { exports } = await write(specifier, unfinished);
    if (exports.join() === "default") await write(specifier, unfinished, withNames(specifier));
    await rename(unfinished, file);
  } catch (error) {
    process.stderr.write(`No bundle of ${specifier}: ${error instanceof Error ? error.message : error}\n`);
  }
}

async function write(specifier: string, file: string, ...plugins: Plugin[]): Promise<OutputChunk> {
  const { rolldown } = await import("rolldown");
  const bundle = await rolldown({
    input: specifier,
    cwd: importerOf(repoRoot, specifier),
    platform: "node",
    plugins,
  });
  // Shorter, an agent takes 4 MiB less. Names of classes and functions stay: code and people read those of errors.
  const mangle = { keepNames: { class: true, function: true } };
  const minify = { compress: false, mangle, codegen: true };
  const { output } = await bundle.write({ file, codeSplitting: false, keepNames: true, minify });
  return output[0];
}

/** Exports by name what Node finds in a CommonJS package. A bundle made of it alone has a default export only. */
function withNames(specifier: string): Plugin {
  const folder = importerOf(repoRoot, specifier);
  const names = Object.keys(createRequire(join(folder, "package.json"))(specifier));
  const entry = join(folder, `${specifier}.mjs`);
  const code = `import all from "${specifier}"; export default all; export const { ${names.join(", ")} } = all;`;
  return {
    name: "with-names",
    resolveId: (id, importer) => (id === specifier && !importer ? entry : undefined),
    load: (id) => (id === entry ? code : undefined),
  };
}
