import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { print } from "./report.ts";

/**
 * Loaded into the build before anything else: counts the folders that it lists. None of them is in a node_modules, where the links
 * of the workspace lead in circles: a glob that went there once listed 150,000 folders, and the build took minutes.
 */
const folders = new Set<string>();

function note(path: unknown): void {
  const folder = String(path);
  folders.add(folder);
  if (!/[\\/]node_modules[\\/]/.test(`${folder}/`)) return;
  print({
    checked: "the build lists the folders of the book and no package's",
    wrong: [`it lists ${folder}`],
  });
  process.exit(1);
}

const { readdir, readdirSync } = fs;
const fromPromises = fs.promises.readdir;
Object.assign(fs, {
  readdir: (...args: Parameters<typeof readdir>) => {
    note(args[0]);
    return readdir(...args);
  },
  readdirSync: (...args: Parameters<typeof readdirSync>) => {
    note(args[0]);
    return readdirSync(...args);
  },
});
Object.assign(fs.promises, {
  readdir: (...args: Parameters<typeof fromPromises>) => {
    note(args[0]);
    return fromPromises(...args);
  },
});
syncBuiltinESMExports();

process.on("exit", (code) => {
  if (code === 0) print({ checked: `the build lists ${folders.size} folders, and no package's`, wrong: [] });
});
