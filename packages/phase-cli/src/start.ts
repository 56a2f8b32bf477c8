import { existsSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { CommandError, type Phase, repoRoot } from "./phases.ts";
import { freshRoomBundles, roomBundlesFolder } from "./room-bundles.ts";

/** Becomes the phase's agent: same process, with `flags` as its command line. */
export async function start(phase: Phase, flags: readonly string[]): Promise<void> {
  const main = join(phase.folder, "src/main.ts");
  process.argv = [process.execPath, main, ...flags];
  preferBundles(repoRoot);
  await import(pathToFileURL(main).href).catch((error: unknown) => {
    throw new CommandError(`Phase ${phase.number} cannot be loaded.\n${placeOf(error, phase)}`, 1);
  });
}

/** What Node says of a file that the reader has edited: the line, and what is wrong with it. Frames of others are left out. */
function placeOf(error: unknown, { folder }: Phase): string {
  const { message, stack = message } = error instanceof Error ? error : new Error(String(error));
  const isTheirs = (line: string) => !/^ {4}at /.test(line) || line.includes(pathToFileURL(folder).href);
  return stack.split("\n").filter(isTheirs).join("\n");
}

/** Packages that come as a hundred small files, and the room that imports each. As one file each they load in a third of the time. */
const rooms: Readonly<Record<string, string>> = {
  openai: "providers",
  "@anthropic-ai/sdk": "providers",
  "@google/genai/web": "providers",
  ollama: "providers",
  "typebox/schema": "core",
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
 * From now on, importing one of these packages loads its bundle; without one, the package itself. So it is with rooms,
 * whose bundles are passed over when a source was edited.
 */
export function preferBundles(root: string): void {
  const bundles = new Map<string, string | undefined>(); // an agent imports its SDK again for each request
  const bundleOf = (specifier: string) => {
    if (!bundles.has(specifier)) {
      const path = bundlePath(root, specifier);
      bundles.set(specifier, existsSync(path) ? pathToFileURL(path).href : undefined);
    }
    return bundles.get(specifier);
  };
  const rootUrl = pathToFileURL(`${root}/`).href;
  const folder = pathToFileURL(`${roomBundlesFolder(root)}/`).href;
  const rooms = freshRoomBundles(root);

  /** Taken at their word: Node would ask for links and package.json files along the way, of each of a hundred files. */
  const roomOrFile = (specifier: string, parent: string | undefined) => {
    const [, room] = /^@eightfold\/([a-z-]+)$/.exec(specifier) ?? [];
    const bundle = rooms?.entries[room ?? ""];
    if (bundle) return folder + bundle;
    if (parent?.startsWith(folder) && specifier.startsWith("./")) return folder + specifier.slice(2);
    if (room === undefined && !/^\.\.?\/.*\.ts$/.test(specifier)) return undefined;
    const url = room ? new URL(`packages/${room}/src/index.ts`, rootUrl) : new URL(specifier, parent);
    return existsSync(url) ? url.href : undefined;
  };

  registerHooks({
    resolve(specifier, context, next) {
      const { parentURL } = context;
      const url = bundled.includes(specifier) ? bundleOf(specifier) : roomOrFile(specifier, parentURL);
      if (url)
        return { url, format: url.endsWith(".ts") ? "module-typescript" : "module", shortCircuit: true };
      // What a bundle imports is found where the source finds it that the bundle was made of.
      const importer = parentURL?.startsWith(folder) ? rooms?.importers[specifier] : undefined;
      return next(specifier, importer ? { ...context, parentURL: rootUrl + importer } : context);
    },
  });
}
