import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openScratch } from "../scratch.ts";
import { type Event, eventsOf, type Take, WIDTH } from "./cast.ts";
import { type Demo, demos } from "./demos.ts";
import { runSession } from "./session.ts";
import { svgOf } from "./svg.ts";
import { recordings, recordTrace } from "./traces.ts";

/**
 * `pnpm record [phase …]`: runs the demo of each phase in a terminal, and writes docs/public/casts/N.cast and, for phase 5,
 * the picture in the README. `pnpm record traces [NAME …]` records the runs in docs/traces.
 */

const root = join(import.meta.dirname, "../../../..");
const publicFolder = join(root, "docs/public");

const [kind, ...names] = process.argv.slice(2);
if (kind === "traces") {
  const chosen = recordings.filter(({ name }) => names.length === 0 || names.includes(name));
  for (const recording of chosen) {
    await recordTrace(root, recording);
    console.log(`docs/traces/${recording.name}.jsonl`);
  }
  process.exit(chosen.length > 0 ? 0 : 2);
}

const wanted = process.argv.slice(2).map(Number);
const chosen = wanted.length > 0 ? demos.filter(({ phase }) => wanted.includes(phase)) : demos;
if (chosen.length < wanted.length) {
  console.error(`There are demos of the phases ${demos.map(({ phase }) => phase).join(", ")}.`);
  process.exit(2);
}

await mkdir(join(publicFolder, "casts"), { recursive: true });
for (const demo of chosen) {
  const events = eventsOf(await takesOf(demo));
  await writeFile(join(publicFolder, `casts/${demo.phase}.cast`), castOf(demo, events));
  if (demo.phase === 5) await writeFile(join(publicFolder, "phase-5.svg"), svgOf(events, titleOf(demo)));
  console.log(`phase ${demo.phase}: ${events.length} events, ${Math.round(events.at(-1)?.[0] ?? 0)} s`);
}

async function takesOf({ phase, commands }: Demo): Promise<Take[]> {
  await using scratch = await openScratch(root);
  const { NO_COLOR: _plain, ...env } = scratch.env;
  const takes: Take[] = [];
  for (const { words, typed } of commands) {
    const command = ["pnpm phase", phase, "start", ...words.map(quoted)].join(" ");
    takes.push({ command, session: await runSession(command, typed, scratch.folder, env) });
  }
  return takes;
}

function quoted(word: string): string {
  if (/^[\w./-]+$/.test(word)) return word;
  return word.includes("`") ? `'${word}'` : `"${word}"`;
}

function castOf(demo: Demo, events: readonly Event[]): string {
  const head = { version: 2, width: WIDTH, height: 24, title: titleOf(demo) };
  const lines = events.map(([seconds, data]) => [Number(seconds.toFixed(3)), "o", data]);
  return [head, ...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
}

function titleOf({ phase }: Demo): string {
  return `Phase ${phase} of Eightfold, with the demo model`;
}
