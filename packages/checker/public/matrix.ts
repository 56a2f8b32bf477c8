/**
 * `node packages/checker/public/matrix.ts [FOLDER]` installs the agents below from npm, checks each, and writes
 * docs/agents.md. It is no part of `pnpm test`: it needs the network, half an hour, and a gigabyte in FOLDER, which it
 * may keep.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { agentChecks, type Verdict } from "../src/suite/run.ts";

/** The versions are pinned: a row speaks of this one, and of no other. */
const agents = [
  { name: "codex", npm: "@openai/codex", version: "0.171.0" },
  { name: "gemini-cli", npm: "@google/gemini-cli", version: "0.61.0" },
  { name: "opencode", npm: "opencode-ai", version: "1.18.33" },
  { name: "pi", npm: "@earendil-works/pi-coding-agent", version: "1.6.0" },
] as const;

type Row = Pick<Verdict, "outcome" | "message"> & { readonly id: string };

const marks: Readonly<Record<Verdict["outcome"], string>> = {
  passed: "ok",
  failed: "**no**",
  skipped: "·",
  "not reached": "·",
};

const given = process.argv[2];
const folder = given ?? (await mkdtemp(join(tmpdir(), "agents-")));
await mkdir(folder, { recursive: true });
await writeFile(join(folder, "package.json"), "{}");
await run(
  "npm",
  ["install", "--no-audit", "--no-fund", ...agents.map(({ npm, version }) => `${npm}@${version}`)],
  folder,
);
const columns: Row[][] = [];
for (const { name } of agents) columns.push(await check(name));
await writeFile(join(import.meta.dirname, "../../../docs/agents.md"), await page(columns));
if (given === undefined) await rm(folder, { recursive: true });

/** One at a time: an agent that is short of the processor looks like one that hangs. */
async function check(name: string): Promise<Row[]> {
  const settings = join(import.meta.dirname, name);
  const main = join(import.meta.dirname, "../src/suite/main.ts");
  const env = { ...process.env, AGENTS: folder, INIT_CWD: settings };
  const output = await run(
    process.execPath,
    [main, "--all", "--jobs", "1", "--format", "json"],
    settings,
    env,
  );
  if (output === "") {
    console.error(
      `${name} ${agents.find((agent) => agent.name === name)?.version} has no row: see the line above.`,
    );
    process.exit(3);
  }
  const lines = output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);
  const rows = lines.filter(({ id }) => id !== undefined);
  console.log(
    `${name}: ${
      rows
        .filter(({ outcome }) => outcome === "failed")
        .map(({ id }) => id)
        .join(", ") || "all passed"
    }`,
  );
  return rows;
}

async function run(file: string, args: readonly string[], cwd: string, env = process.env): Promise<string> {
  const child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
  const [output] = await Promise.all([text(child.stdout), once(child, "close")]);
  return output;
}

/** What stands above the table is written by hand, and kept. */
async function page(columns: readonly Row[][]): Promise<string> {
  const file = join(import.meta.dirname, "../../../docs/agents.md");
  const [intro = ""] = (await readFile(file, "utf8")).split("<!-- matrix -->");
  const day = new Date().toISOString().slice(0, 10);
  const core = agentChecks.filter(({ level, form }) => level === "core" && form === undefined);
  const rows = core.map(({ id, title }) => {
    const cells = columns.map((column) => marks[column.find((row) => row.id === id)?.outcome ?? "skipped"]);
    return `| \`${id}\` ${title} | ${cells.join(" | ")} |`;
  });
  const heads = agents.map(({ name, version }) => `${name} ${version}`);
  return [
    intro.trimEnd(),
    "",
    "<!-- matrix -->",
    `Made on ${day} by \`node packages/checker/public/matrix.ts\`.`,
    "",
    `| check | ${heads.join(" | ")} |`,
    `|---|${heads.map(() => "---").join("|")}|`,
    ...rows,
    "",
  ].join("\n");
}
