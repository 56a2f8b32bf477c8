/** The rooms as a few files instead of a hundred. A start takes them for as long as they are made of the sources that are there. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** What is written beside the bundles when all of them are. */
export interface RoomBundles {
  /** The repo they were made in: they name files in it. */
  readonly root: string;
  /** For each room the name of its file. */
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
      Object.entries(bundles.sources).every(([path, stamp]) => stampOf(`${root}/${path}`) === stamp) &&
      Object.entries(bundles.sizes).every(([name, size]) => statSync(`${folder}/${name}`).size === size);
    return fresh ? bundles : undefined;
  } catch {
    return undefined; // none were made, or one is gone, or a source is: the sources are loaded, and say what is wrong
  }
}
