import { existsSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Phase, repoRoot } from "./phases.ts";
import { freshRoomBundles, roomBundlesFolder } from "./room-bundles.ts";

/** Becomes the phase's agent: same process, with `flags` as its command line. */
export async function start(phase: Phase, flags: readonly string[]): Promise<void> {
  const main = join(phase.folder, "src/main.ts");
  process.argv = [process.execPath, main, ...flags];
  preferBundles(repoRoot);
  await import(pathToFileURL(main).href);
}

/** Packages that come as a hundred small files, and the room that imports each. As one file each they load in a third of the time. */
const rooms: Readonly<Record<string, string>> = {
  openai: "providers",
  "@google/genai/web": "providers",
  ollama: "providers",
  zod: "core",
};

export const bundled: readonly string[] = Object.keys(rooms);

/** The folder of the package of ours that imports it. */
export function importerOf(root: string, specifier: string): string {
  return join(root, "packages", rooms[specifier] ?? "");
}

/** Where the bundle of the installed version of a package stands, or would stand. */
export function bundlePath(root: string, specifier: string): string {
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  const manifest = join(importerOf(root, specifier), "node_modules", name, "package.json");
  const { version } = JSON.parse(readFileSync(manifest, "utf8"));
  return join(
    root,
    "node_modules/.cache/eightfold/packages",
    `${specifier.replaceAll("/", "+")}@${version}.mjs`,
  );
}

/**
 * From now on, importing one of these packages loads its bundle; without one, the package itself. So it is with a room,
 * whose bundle is passed over when a source was edited. Relative paths, and rooms, are taken at their word: Node would
 * ask for links and package.json files along the way, of each of a hundred.
 */
export function preferBundles(root: string): void {
  const found = new Map<string, string | undefined>(); // an agent imports its SDK again for each request
  const urlOf = (specifier: string) => {
    if (!found.has(specifier)) {
      const bundle = bundlePath(root, specifier);
      found.set(specifier, existsSync(bundle) ? pathToFileURL(bundle).href : undefined);
    }
    return found.get(specifier);
  };
  const rootUrl = pathToFileURL(`${root}/`).href;
  const rooms = freshRoomBundles(root);
  const bundles = pathToFileURL(`${roomBundlesFolder(root)}/`).href;
  registerHooks({
    resolve(specifier, context, next) {
      const [, room] = /^@eightfold\/([a-z-]+)$/.exec(specifier) ?? [];
      const bundle = room === undefined ? undefined : rooms?.entries[room];
      if (bundle) return { url: bundles + bundle, format: "module", shortCircuit: true };
      const fromBundle = context.parentURL?.startsWith(bundles);
      if (fromBundle && specifier.startsWith("./"))
        return { url: bundles + specifier.slice(2), format: "module", shortCircuit: true };
      if (room !== undefined || /^\.\.?\/.*\.ts$/.test(specifier)) {
        const entry = `packages/${room}/src/index.ts`;
        const url = room === undefined ? new URL(specifier, context.parentURL) : new URL(entry, rootUrl);
        if (existsSync(url)) return { url: url.href, format: "module-typescript", shortCircuit: true };
      }
      const url = bundled.includes(specifier) ? urlOf(specifier) : undefined;
      if (url) return { url, format: "module", shortCircuit: true };
      // A package is where the source finds it that the bundle is made of.
      const importer = fromBundle ? rooms?.importers[specifier] : undefined;
      return next(specifier, importer ? { ...context, parentURL: rootUrl + importer } : context);
    },
  });
}
