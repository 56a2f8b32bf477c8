/** How programs are asked for their version, and what a script of that name is written for. */
interface Probe {
  readonly words: readonly string[];
  readonly runtime?: string;
}

const DASHES = { words: ["--version"] };
const SHORT = { words: ["--version", "-v"] };
const CAPITAL = { words: ["--version", "-V"] };

/**
 * Programs that do more than read, but not when asked for their version. Not pnpm, yarn and corepack: they run the
 * release that the folder names. Nor dotnet, whose global.json may name a folder to run one from.
 */
export const versions: Readonly<Record<string, Probe>> = {
  bash: DASHES,
  bun: SHORT,
  cargo: CAPITAL,
  clang: DASHES,
  cmake: DASHES,
  deno: CAPITAL,
  docker: SHORT,
  "g++": DASHES,
  gcc: DASHES,
  gh: DASHES,
  go: { words: ["version"] },
  java: { words: ["--version", "-version"] },
  javac: { words: ["--version", "-version"] },
  make: SHORT,
  node: SHORT,
  npm: { ...SHORT, runtime: "node" },
  perl: SHORT,
  php: SHORT,
  pip: { ...CAPITAL, runtime: "python" },
  pip3: { ...CAPITAL, runtime: "python" },
  python: CAPITAL,
  python3: CAPITAL,
  ruby: SHORT,
  rustc: CAPITAL,
  tsc: { ...SHORT, runtime: "node" },
};
