/** The rooms and each phase as a few files instead of a hundred. A start takes them for as long as they are made of the sources that are there. */
import { readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** What is written beside the bundles when all of them are. */
export interface RoomBundles {
  /** The repo they were made in: they name files in it. */
  readonly root: string;
  /** For each room, and for each phase's folder, the name of its file. */
  readonly entries: Readonly<Record<string, string>>;
  /** For each package that is imported from a file of the bundles: the source, from `root`, that imports it. */
  readonly importers: Readonly<Record<string, string>>;
  /** For each source, from `root`: what `stampOf` said before it was read. */
  readonly sources: Readonly<Record<string, string>>;
  /** For each file of the bundles its size: one that is missing or cut off is seen. */
  readonly sizes: Readonly<Record<string, number>>;
}

export function roomBundlesFolder(root: string): string {
  return join(root, "node_modules/.cache/eightfold/rooms");
}

/** Differs after any change, also when the time of the change was set back, as `cp -p` and `tar` do. */
export function stampOf(path: string): string {
  const { size, mtimeMs, ctimeMs } = statSync(path);
  return `${size} ${mtimeMs} ${ctimeMs}`;
}

/** The bundles, if all are whole and made of exactly the sources that are there now. */
export function freshRoomBundles(root: string): RoomBundles | undefined {
  const folder = roomBundlesFolder(root);
  try {
    const bundles: RoomBundles = JSON.parse(readFileSync(join(folder, "bundles.json"), "utf8"));
    const fresh =
      bundles.root === root &&
      isUnchanged(bundles, "packages/") &&
      Object.entries(bundles.sizes).every(([name, size]) => statSync(`${folder}/${name}`).size === size);
    return fresh ? bundles : undefined;
  } catch {
    return undefined; // none were made, or one is gone, or a source is: the sources are loaded, and say what is wrong
  }
}

/** The file of the phase in this folder, if it is made of its sources as they are now. A copy elsewhere has none. */
export function freshPhaseBundle(bundles: RoomBundles | undefined, folder: string): string | undefined {
  try {
    const name = bundles ? relative(join(bundles.root, "phases"), folder) : "";
    return bundles && isUnchanged(bundles, `phases/${name}/`) ? bundles.entries[name] : undefined;
  } catch {
    return undefined; // a source is gone
  }
}

function isUnchanged({ root, sources }: RoomBundles, folder: string): boolean {
  return Object.entries(sources).every(
    ([path, stamp]) => !path.startsWith(folder) || stampOf(`${root}/${path}`) === stamp,
  );
}
