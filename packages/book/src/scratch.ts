import { cp, mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import type { PhaseCopy } from "./phase-copy.ts";
import { temporaryFolder } from "./temporary.ts";

/** A place where a reader's commands run as in a fresh clone of the repository, and leave nothing behind. */
export interface Scratch {
  /** The clone: `playground` is a copy, everything else a link. A reader types in `phases/mine`. */
  readonly folder: string;
  /** No key, no colours, no Ollama; `pnpm phase`, `check` and `exercise` are the repository's. */
  readonly env: Readonly<Record<string, string>>;
  [Symbol.asyncDispose](): Promise<void>;
}

const KEPT = new Set(["playground", "phases", "agents", ".git", ".env", ".eightfold", ".turbo", ".results"]);

/** Opens one. With `agent`, a command, `pnpm phase N check` checks that one. */
export async function openScratch(root: string, agent = ""): Promise<Scratch> {
  const temporary = await temporaryFolder();
  const base = temporary.path;
  const folder = join(base, "eightfold");
  const bin = join(base, "bin");
  await mkdir(folder);
  await mkdir(bin);
  for (const name of await readdir(root))
    if (!KEPT.has(name)) await symlink(join(root, name), join(folder, name));
  await mkdir(join(folder, "phases"));
  for (const name of await readdir(join(root, "phases")))
    if (name !== "mine") await symlink(join(root, "phases", name), join(folder, "phases", name));
  await cp(join(root, "playground"), join(folder, "playground"), { recursive: true });
  await writeFile(join(bin, "pnpm"), PNPM, { mode: 0o755 });
  await writeFile(join(bin, "npx"), NPX, { mode: 0o755 });
  const path = [bin, dirname(process.execPath), process.env.PATH].join(delimiter);
  const env = {
    ...cleanEnvironment,
    PATH: path,
    HOME: base,
    TMPDIR: base,
    BOOK_ROOT: root,
    BOOK_AGENT: agent,
    NODE_COMPILE_CACHE: join(root, "node_modules/.cache/eightfold/code"), // the programs of the steps share most of theirs
  };
  return {
    folder,
    env,
    [Symbol.asyncDispose]: temporary[Symbol.asyncDispose],
  };
}

/** From now on this is what the reader has typed. */
export async function setDesk({ folder }: Scratch, { folder: program }: PhaseCopy): Promise<void> {
  const mine = join(folder, "phases/mine");
  await rm(mine, { force: true });
  await symlink(program, mine);
}

/** A blank key hides the one in a developer's `.env`, and nothing answers at that port. */
const cleanEnvironment = {
  OPENAI_API_KEY: "",
  OPENAI_BASE_URL: "",
  ANTHROPIC_API_KEY: "",
  ANTHROPIC_AUTH_TOKEN: "",
  GEMINI_API_KEY: "",
  GOOGLE_API_KEY: "",
  EIGHTFOLD_MODEL: "",
  OLLAMA_HOST: "http://127.0.0.1:9",
  NO_COLOR: "1",
  TERM: "xterm-256color",
  LANG: "C.UTF-8",
  TZ: "UTC",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "You",
  GIT_AUTHOR_EMAIL: "you@example.com",
  GIT_AUTHOR_DATE: "2026-11-20T15:28:40Z", // so that a commit has the same hash each time
  GIT_COMMITTER_DATE: "2026-11-20T15:28:40Z",
  GIT_COMMITTER_NAME: "You",
  GIT_COMMITTER_EMAIL: "you@example.com",
};

/** Like the real one, it finds the scripts of the clone only there. */
const PNPM = `#!/usr/bin/env bash
if [[ ! -e pnpm-workspace.yaml ]]; then
  echo "pnpm finds no such script in $PWD: $*" >&2
  exit 1
fi
while [[ "$1" == -s || "$1" == --silent ]]; do shift; done
if [[ "$1" == exec ]]; then exec "\${@:2}"; fi
if [[ "$1" == check ]]; then exec node "$BOOK_ROOT/packages/checker/src/suite/main.ts" "\${@:2}"; fi
if [[ "$1" == exercise ]]; then exec node "$BOOK_ROOT/packages/checker/src/exercises/main.ts" "\${@:2}"; fi
if [[ "$1" != phase || "$2" == carry || "$3" == test ]]; then
  echo "the book does not run: pnpm $*" >&2
  exit 127
fi
if [[ -n "$BOOK_AGENT" && "$3" == start ]]; then exec $BOOK_AGENT "\${@:4}"; fi
if [[ -n "$BOOK_AGENT" && "$3" == check ]]; then set -- "$@" --agent "$BOOK_AGENT"; fi
exec node "$BOOK_ROOT/packages/phase-cli/src/main.js" "\${@:2}"
`;

const NPX = `#!/usr/bin/env bash
while [[ "$1" == -* || "$1" == pnpm@* ]]; do shift; done
exec pnpm "$@"
`;
