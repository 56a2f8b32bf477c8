import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** `pnpm site`, `site:build`, `site:check` and `node docs/site.ts pictures`: the book as a site, whose dependencies are installed when first needed. */

const docs = import.meta.dirname;
const bin = (name: string) => join(docs, "node_modules", name);
const foldersRead = pathToFileURL(join(docs, ".vitepress/check/folders-read.ts")).href;

const commands: Readonly<Record<string, readonly (readonly string[])[]>> = {
  dev: [[bin("vitepress/bin/vitepress.js"), "dev", docs]],
  build: [[bin("vitepress/bin/vitepress.js"), "build", docs]],
  pictures: [[join(docs, ".vitepress/check/pictures.ts")]],
  check: [
    [bin("vue-tsc/bin/vue-tsc.js"), "-p", join(docs, "tsconfig.json")],
    [bin("vue-tsc/bin/vue-tsc.js"), "-p", join(docs, "../packages/inspector/page/view/tsconfig.json")],
    ["--import", foldersRead, bin("vitepress/bin/vitepress.js"), "build", docs],
    [join(docs, ".vitepress/check/main.ts")],
    [join(docs, ".vitepress/check/traces.ts")],
  ],
};

const [name = "", ...rest] = process.argv.slice(2);
const steps = commands[name];
if (!steps) fail(`There is no ${name || "command"} here. There are: ${Object.keys(commands).join(", ")}.`, 2);

installOnce();
for (const step of steps) run(process.execPath, [...step, ...rest]);

/** Installs what docs/pnpm-lock.yaml says, unless it is there already, with the pnpm that runs this script. */
function installOnce(): void {
  const installed = join(docs, "node_modules/.pnpm/lock.yaml");
  const wanted = readFileSync(join(docs, "pnpm-lock.yaml"), "utf8");
  if (existsSync(installed) && readFileSync(installed, "utf8") === wanted) return;
  console.error("Installing the site's dependencies in docs/ …");
  const pnpm = process.env.npm_execpath;
  const isScript = pnpm && /\.[cm]?js$/.test(pnpm);
  const install = ["install", "--frozen-lockfile", "--dir", docs];
  if (isScript) run(process.execPath, [pnpm, ...install]);
  else if (pnpm) run(pnpm, install);
  else run("npx", ["-y", "pnpm@12", ...install]);
}

function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", cwd: docs });
  if (error) fail(`${command} could not be started: ${error.message}`, 1);
  if (status !== 0) process.exit(status ?? 1);
}

function fail(message: string, code: number): never {
  console.error(message);
  process.exit(code);
}
