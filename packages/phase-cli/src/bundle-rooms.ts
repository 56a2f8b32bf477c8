import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "rolldown";
import { repoRoot } from "./phases.ts";
import { type RoomBundles, roomBundlesFolder, stampOf } from "./room-bundles.ts";

// Run after each install, and by `pnpm bundle`. Without bundles, or with some that are no longer of the sources, the sources are loaded.

const ROOMS = ["core", "gate", "journal", "providers", "shell", "terminal", "trace", "workspace"];

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

try {
  await bundleRooms();
} catch (error) {
  process.stderr.write(`No bundles of the rooms: ${error instanceof Error ? error.message : error}\n`);
}

/** All rooms in one build, so that a module is in a single file. What is imported with `import()` has files of its own. */
async function bundleRooms(): Promise<void> {
  const input = Object.fromEntries(ROOMS.map((room) => [room, entryOf(room)]));
  const sources: Record<string, string> = {};
  const importers: Record<string, string> = {};
  const { rolldown } = await import("rolldown");
  const bundle = await rolldown({
    input,
    cwd: repoRoot,
    platform: "node",
    preserveEntrySignatures: "allow-extension", // what one room shares with another stays in its own file
    plugins: [roomSources(sources, importers)],
  });
  const folder = roomBundlesFolder(repoRoot);
  const { output } = await bundle.generate({
    dir: folder, // nothing is written: the paths in the source maps count from there
    entryFileNames: "[name]-[hash].mjs",
    chunkFileNames: "[name]-[hash].mjs",
    sourcemap: true,
    minify: { compress: false, mangle: false, codegen: true },
  });
  await mkdir(folder, { recursive: true });
  await forgetUnused(folder);
  const sizes: Record<string, number> = {};
  const entries: Record<string, string> = {};
  for (const file of output) {
    const content = file.type === "chunk" ? file.code : file.source;
    await replace(join(folder, file.fileName), content);
    if (file.type === "chunk") sizes[file.fileName] = Buffer.byteLength(content);
    if (file.type === "chunk" && file.isEntry) entries[file.name] = file.fileName;
  }
  const bundles: RoomBundles = { root: repoRoot, entries, importers, sources, sizes };
  await replace(join(folder, "bundles.json"), JSON.stringify(bundles));
}

function entryOf(room: string): string {
  return join(repoRoot, "packages", room, "src/index.ts");
}

/** Reads the sources, and notes which they are and what they import. Each still says where it is itself. */
function roomSources(sources: Record<string, string>, importers: Record<string, string>): Plugin {
  return {
    name: "room-sources",
    resolveId(id, importer) {
      const [, room] = /^@eightfold\/([a-z-]+)$/.exec(id) ?? [];
      if (room !== undefined) return entryOf(room);
      if (importer === undefined || /^(\.|node:)/.test(id)) return undefined;
      importers[id] = relative(repoRoot, importer).replaceAll("\\", "/");
      return { id, external: true };
    },
    async load(id) {
      sources[relative(repoRoot, id).replaceAll("\\", "/")] = stampOf(id); // before it is read: an edit after this is seen
      const code = await readFile(id, "utf8");
      if (id.endsWith(".json")) return { code, moduleType: "json" };
      const here = JSON.stringify(pathToFileURL(id).href);
      return { code: code.replaceAll("import.meta.url", here), moduleType: "ts" };
    },
  };
}

/** Half a file is never there, also when two installs write it at once. */
async function replace(path: string, content: string | Uint8Array): Promise<void> {
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, content);
  await rename(unfinished, path);
}

/** An agent that was started before an install may load a file of the bundles days later. */
async function forgetUnused(folder: string): Promise<void> {
  const now = Date.now();
  for (const name of await namesIn(join(folder, "bundles.json")))
    await utimes(join(folder, name), now / 1000, now / 1000).catch(() => {}); // gone: this install brings it back
  for (const name of await readdir(folder)) {
    const used = await stat(join(folder, name)).catch(() => undefined); // renamed meanwhile by another install
    if (used && now - used.mtimeMs > WEEK_MS) await rm(join(folder, name), { force: true });
  }
}

/** The files of the bundles that an earlier install made. */
async function namesIn(manifest: string): Promise<string[]> {
  try {
    const { sizes }: RoomBundles = JSON.parse(await readFile(manifest, "utf8"));
    return Object.keys(sizes);
  } catch {
    return [];
  }
}
