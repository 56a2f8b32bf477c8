import { existsSync } from "node:fs";
import { chmod, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { ScriptedReply } from "@eightfold/wire";
import { isAlive } from "../agent-process.ts";
import { CTRL_C, ESC } from "../agent-terminal.ts";
import { runBash } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectEqual, expectNoText, expectText, expectThat } from "../expect.ts";
import { lastUserText, transcript } from "../requests.ts";
import { waitFor, within } from "../wait.ts";
import type { Workbench } from "../workbench.ts";

interface State {
  readonly name: string;
  readonly reply: ScriptedReply;
  /** Waits until the agent is in it. */
  reached(bench: Workbench): Promise<void>;
}

const states: readonly State[] = [
  {
    name: "streaming",
    reply: { text: "a very long story", fault: { type: "stall", at: "text" } },
    reached: (bench) => asked(bench),
  },
  {
    name: "waiting",
    // Not every service tells in its own words how long to wait, but all obey this header.
    reply: { fault: { type: "http", status: 429, headers: { "retry-after": "50" } } },
    async reached(bench) {
      await asked(bench);
      await within("the answer", bench.requests.at(-1)?.closed ?? Promise.resolve());
    },
  },
  {
    name: "running",
    reply: { calls: [runBash("touch started; sleep 300")] },
    reached: (bench) => waitFor("the command", () => existsSync(join(bench.folder, "started"))),
  },
];

const keys = { esc: ESC, "ctrl-c": CTRL_C };

/** Esc and Ctrl-C in every state of a turn, and what was typed in the meantime. */
export const stops: readonly Check[] = [
  ...Object.entries(keys).flatMap(([key, pressed]) =>
    states.map((state) =>
      check(
        `6.${key}-${state.name}`,
        `${key} stops a turn while ${state.name}; the next is answered`,
        (bench) => stopsAndGoesOn(bench, state, pressed),
      ),
    ),
  ),

  check("6.stops-a-slow-start", "a turn that waits for a slow git can be stopped too", async (bench) => {
    const wire = await bench.serve([{ text: "On we go." }]);
    await bench.put({
      ".git/HEAD": "ref: refs/heads/main\n",
      "../outside/git": '#!/bin/sh\necho $$ >> "$0.ids"\nexec sleep 60\n',
    });
    await chmod(join(bench.outside, "git"), 0o755);
    wire.env.PATH = [bench.outside, process.env.PATH].join(delimiter);
    const terminal = await bench.converse();
    await terminal.prompt();
    const ids = await readFile(join(bench.outside, "git.ids"), "utf8").catch(() => "");
    const alive = await Promise.all(
      ids
        .trim()
        .split("\n")
        .filter(Boolean)
        .map((id) => isAlive(Number(id))),
    );
    expectThat(!alive.includes(false), "a prompt to type at while git is still at work", terminal.screen);
    await terminal.ask("Begin.");
    terminal.press(CTRL_C);
    await terminal.ask("And now?");
    await terminal.shows("On we go.");
    expectEqual(wire.requests.length, 1, "requests");
    expectThat(!terminal.screen.includes("Still stopping"), "a turn that stops at once", terminal.screen);
  }),

  check(
    "6.stopped-at-its-limit",
    "Ctrl-C in the last step allowed is a stop, not the limit",
    async (bench) => {
      const wire = await bench.serve(() => ({ calls: [runBash("touch started; sleep 300")] }));
      const agent = bench.start(["--max-steps", "1", "go"]);
      await waitFor("the command", () => existsSync(join(bench.folder, "started")));
      agent.signal("SIGINT");
      const { code, stderr } = await agent.end();
      expectEqual(code, 130, "exit code");
      expectNoText(stderr, [/limit/], "what it says");
      expectEqual(wire.requests.length, 1, "requests");
    },
  ),

  check("6.typed-ahead", "what is typed during a turn is the next request", async (bench) => {
    const wire = await bench.serve([
      { text: "slowly, and on", fault: { type: "delay", at: "text", ms: 300 } },
      { text: "Heard." },
    ]);
    const terminal = await bench.converse();
    await terminal.ask("Take your time.");
    await asked(bench);
    terminal.press("And the next?\r");
    await terminal.shows("Heard.");
    expectText(transcript(wire.requests[1]), /user: .*And the next\?$/s, "the second request");
  }),

  check("6.typed-before-esc", "what is typed before Esc is not lost with the turn", async (bench) => {
    const wire = await bench.serve([
      { text: "a very long story", fault: { type: "stall", at: "text" } },
      { text: "Heard." },
    ]);
    const terminal = await bench.converse();
    await terminal.ask("Tell me a story.");
    await asked(bench);
    terminal.press("And the next?");
    terminal.press(ESC);
    await waitFor("the request to be given up", () => wire.requests[0]?.closedEarly === true);
    terminal.press("\r");
    await terminal.shows("Heard.");
    expectText(transcript(wire.requests[1]), /user: .*And the next\?$/s, "the second request");
  }),
];

async function stopsAndGoesOn(bench: Workbench, state: State, key: string): Promise<void> {
  const wire = await bench.serve((request) =>
    lastUserText(request).includes("And now?") ? { text: "On we go." } : state.reply,
  );
  const terminal = await bench.converse();
  await terminal.ask("Begin.");
  await state.reached(bench);
  terminal.press(key);
  await terminal.ask("And now?");
  await terminal.shows("On we go.");
  expectEqual(wire.requests.length, 2, "requests");
  expectThat(!terminal.screen.includes("Still stopping"), "a turn that stops at once", terminal.screen);
}

const asked = (bench: Workbench) => waitFor("a request", () => bench.requests.length > 0);
