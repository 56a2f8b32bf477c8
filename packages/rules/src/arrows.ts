import { posix } from "node:path";
import type { RepoFile } from "./repo-files.ts";
import { importsOf } from "./source.ts";

/** Which packages of this repo the files of each part may import. */
const rooms = ["core", "providers", "workspace", "shell", "gate", "terminal", "journal", "trace"];

const arrows: readonly { part: RegExp; packages: readonly string[] }[] = [
  { part: /^packages\/core\//, packages: [] },
  { part: /^packages\/(trace|workspace)\//, packages: ["core"] },
  { part: /^packages\/providers\//, packages: ["core", "trace"] },
  { part: /^packages\/terminal\/(?:test\/|.*\.test\.ts$)/, packages: ["core", "trace", "workspace"] },
  { part: /^packages\/terminal\/src\//, packages: ["core", "trace"] },
  // Both keep files in the folder that a workspace sets aside for its agent.
  { part: /^packages\/(shell|journal)\//, packages: ["core", "workspace"] },
  { part: /^packages\/gate\//, packages: ["core", "workspace", "shell"] },
  { part: /^packages\/wire\/src\//, packages: ["core"] },
  { part: /^packages\/wire\/test\//, packages: ["core", "providers", "trace"] },
  { part: /^packages\/inspector\//, packages: ["trace"] },
  { part: /^packages\/checker\/src\//, packages: ["wire"] },
  { part: /^packages\/checker\/test\//, packages: ["trace", "wire"] },
  { part: /^packages\/book\//, packages: ["checker", "wire", ...rooms] },
  {
    part: /^packages\/phase-cli\//,
    packages: ["book", "checker", "core", "inspector", "providers", "wire", "workspace"],
  },
  { part: /^packages\/rules\//, packages: ["phase-cli"] },
  { part: /^packages\/bench\//, packages: ["checker", "wire", ...rooms, "phase-8"] },
  { part: /^phases\/[^/]+\/src\//, packages: rooms },
  { part: /^phases\/[^/]+\/test\//, packages: [...rooms, "checker"] },
];

/** Each import that goes against the arrows, in a sentence. */
export function wrongImports(file: RepoFile): string[] {
  const allowed = arrows.find(({ part }) => part.test(file.path))?.packages;
  if (!allowed) return [];
  const home = homeOf(file.path);
  return importsOf(file)
    .map(({ specifier }) => specifier)
    .filter((specifier) => {
      if (specifier.startsWith(".")) return homeOf(posix.join(posix.dirname(file.path), specifier)) !== home;
      const name = specifier.match(/^@eightfold\/([^/]+)/)?.[1];
      return name !== undefined && !allowed.includes(name);
    })
    .map((specifier) => `${file.path} must not import ${specifier}.`);
}

/** The package or phase that a path lies in: its first two folders. */
function homeOf(path: string): string {
  return path.split("/").slice(0, 2).join("/");
}
