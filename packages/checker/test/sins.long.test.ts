import { join } from "node:path";
import { beforeAll, describe, test } from "vitest";
import { applicableChecks, type Check, checks, type Subject } from "../src/index.ts";
import { patience } from "../src/wait.ts";
import type { Sin } from "./agent/sin.ts";

const agent = (sin?: Sin): Subject => ({
  command: [process.execPath, join(import.meta.dirname, "agent/main.ts"), ...(sin ? ["--sin", sin] : [])],
  dialect: "chat",
});

/** Each sin, and the checks that must catch it. */
const sins: Record<Sin, string[]> = {
  "forgets-the-conversation": ["1.recalls", "1.ctrl-c"],
  "rewrites-the-conversation": ["1.recalls"],
  "prints-the-banner-on-stdout": ["1.answers"],
  "prints-at-the-end": ["1.streams"],
  "decodes-each-chunk-alone": ["1.awkward-chunks"],
  "believes-a-cut-stream": ["1.cut-stream"],
  "prints-stack-traces": ["1.server-error", "1.bad-key"],
  "ignores-unknown-flags": ["1.unknown-flag"],
  "ends-on-ctrl-c": ["1.ctrl-c"],
  "never-leaves": ["1.second-ctrl-c"],
  "keeps-unanswered-calls": ["5.ctrl-c"],
  "drops-results": ["2.several-calls"],
  "runs-cut-off-calls": ["2.cut-off-call", "4.cut-off-call"],
  "crashes-on-a-wrong-call": ["2.wrong-calls"],
  "follows-links": ["2.stays-inside", "4.stays-inside"],
  "opens-pipes-and-folders": ["2.names-what-it-is"],
  "reads-without-end": ["2.bounds-its-results"],
  "ignores-the-step-limit": ["2.step-limit"],
  "edits-the-first-of-several": ["4.refuses-an-edit"],
  "replaces-with-patterns": ["4.keeps-bytes"],
  "rewrites-line-ends": ["4.keeps-bytes"],
  "overwrites-what-it-has-not-read": ["4.no-blind-writes"],
  "hides-exit-codes": ["5.reports-commands"],
  "leaves-children": ["5.signals"],
  "shows-its-keys": ["5.hides-keys"],
};

function checkNamed(id: string): Check {
  const found = checks.find((check) => check.id === id);
  if (!found) throw new Error(`There is no check ${id}.`);
  return found;
}

// Over before the next ones begin, which have less patience.
describe("an honest agent passes", () => {
  const named = new Set([
    ...applicableChecks(1).flatMap(({ id, ours }) => (ours ? [] : id)),
    ...Object.values(sins).flat(),
  ]);
  test.concurrent.for([...named])("%s", async (id) => checkNamed(id).run(agent()));
});

describe.concurrent("an agent is caught that", () => {
  // Some sins are to do nothing, which shows when the patience of a check ends.
  beforeAll(() => {
    const usual = patience.ms;
    patience.ms = 4000;
    return () => {
      patience.ms = usual; // other files run in this process
    };
  });

  test("does nothing", async ({ expect }) => {
    const idle: Subject = { command: ["true"], dialect: "chat" };
    const caught = checks.map((check) => expect(check.run(idle), check.id).rejects.toThrow());
    await Promise.all(caught);
  });

  test.for(Object.entries(sins))("%s", async ([sin, ids], { expect }) => {
    for (const id of ids) {
      await expect(checkNamed(id).run(agent(sin as Sin)), id).rejects.toThrow(/expected: |waited |has ended/);
    }
  });
});
