import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { abort } from "./abort.ts";
import { contextSent } from "./context.ts";
import { type Bench, type Figure, RUNS } from "./figures.ts";
import { box, gate } from "./gate.ts";
import { largeRepository } from "./large.ts";
import { prefixShare } from "./prefix.ts";
import { againstFetch, firstRequest, oneRequest, tracedRequest } from "./requests.ts";
import { sessionFile } from "./session.ts";
import { modulesLoaded, timeToPrompt } from "./start-up.ts";

// `pnpm bench` prints figures and judges none: the targets stand beside them. `pnpm bench prompt` runs those whose
// title has the word.

const benches: readonly Bench[] = [
  timeToPrompt,
  modulesLoaded,
  oneRequest,
  tracedRequest,
  againstFetch,
  firstRequest,
  abort,
  prefixShare,
  contextSent,
  sessionFile,
  gate,
  box,
  largeRepository,
];

function table(figures: readonly Figure[]): string {
  const width = (column: "what" | "value") => Math.max(...figures.map((figure) => figure[column].length));
  return figures
    .map(({ what, value, target = "" }) =>
      `  ${what.padEnd(width("what"))}  ${value.padStart(width("value"))}  ${target}`.trimEnd(),
    )
    .join("\n");
}

const scratch = await mkdtemp(join(tmpdir(), "eightfold-bench-"));
process.env.TMPDIR = scratch; // where the agents put their copies of the playground
process.chdir(scratch);
console.log(`Medians of ${RUNS} runs, Node ${process.version}.`);
for (const { title, run } of benches.filter((bench) => bench.title.includes(process.argv[2] ?? ""))) {
  console.log(`\n${title}`);
  console.log(table(await run()));
}
process.chdir(tmpdir());
await rm(scratch, { recursive: true });
