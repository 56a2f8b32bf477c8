import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ScriptedCall } from "@eightfold/wire";
import { type AgentTerminal, CTRL_C, ESC } from "../agent-terminal.ts";
import { editFile, readFile, runBash, writeFile } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectBytes, expectEqual, expectText, expectThat } from "../expect.ts";
import { resultsIn } from "../requests.ts";
import { waitFor } from "../wait.ts";
import type { Workbench } from "../workbench.ts";

/** The question, and what each answer does. */
export const questions: readonly Check[] = [
  check("7.shows-the-diff", "an edit shows its diff before it lands, and lands with y", async (bench) => {
    await bench.put({ "a.txt": "one\ntwo\n" });
    const terminal = await begin(bench, [readFile("a.txt")], [editFile("a.txt", "two", "three")]);
    await terminal.shows("three");
    await asksAbout(terminal, "a.txt");
    expectBytes(await bench.read("a.txt"), "one\ntwo\n", "a.txt before the answer");
    terminal.press("y\r");
    await terminal.shows("All done.");
    expectBytes(await bench.read("a.txt"), "one\nthree\n", "a.txt after it");
  }),

  check("7.enter-is-no", "Enter alone is no; the model reads it, and goes on", async (bench) => {
    const terminal = await begin(bench, [runBash("touch ran")]);
    await asksAbout(terminal, "touch ran");
    terminal.press("\r");
    await terminal.shows("All done.");
    expectText(resultsIn(bench.requests.at(-1))[0], /\bno\b/, "the result");
    expectNoFile(bench, "ran");
  }),

  check("7.no-and-why", "a reason that is typed is what the model reads", async (bench) => {
    const terminal = await begin(bench, [runBash("touch ran")]);
    await asksAbout(terminal, "touch ran");
    terminal.press("use the other folder\r");
    await terminal.shows("All done.");
    expectText(resultsIn(bench.requests.at(-1))[0], "use the other folder", "the result");
    expectNoFile(bench, "ran");
  }),

  check("7.one-of-two", "of two calls in one reply, only the one that was approved runs", async (bench) => {
    const terminal = await begin(bench, [runBash("touch first"), runBash("touch second")]);
    await asksAbout(terminal, "touch first");
    terminal.press("y\r");
    await asksAbout(terminal, "touch second");
    terminal.press("n\r");
    await terminal.shows("All done.");
    expectThat(existsSync(join(bench.folder, "first")), "the first has run", "it has not");
    expectNoFile(bench, "second");
  }),

  check("7.always", "always is for the very command, and for edits to the very file", async (bench) => {
    const terminal = await begin(
      bench,
      [runBash("echo x >> log")],
      [runBash("echo x >> log")],
      [writeFile("a.txt", "one\n")],
      [writeFile("a.txt", "two\n")],
      [runBash("echo x >> log; touch ran")],
    );
    await asksAbout(terminal, "echo x >> log");
    terminal.press("a\r");
    await asksAbout(terminal, "a.txt");
    terminal.press("a\r");
    await asksAbout(terminal, "touch ran");
    terminal.press("n\r");
    await terminal.shows("All done.");
    expectBytes(await bench.read("log"), "x\nx\n", "log");
    expectBytes(await bench.read("a.txt"), "two\n", "a.txt");
    expectNoFile(bench, "ran");
  }),

  check("7.steering", "what steers git and agents is asked about each time", async (bench) => {
    const terminal = await begin(bench, [writeFile("AGENTS.md", "one\n")], [writeFile("AGENTS.md", "two\n")]);
    await asksAbout(terminal, "AGENTS.md");
    terminal.press("y\r");
    await waitFor("the next request", () => bench.requests.length === 2);
    await asksAbout(terminal, "two");
    terminal.press("n\r");
    await terminal.shows("All done.");
    expectBytes(await bench.read("AGENTS.md"), "one\n", "AGENTS.md");
  }),

  ...Object.entries({ esc: ESC, "ctrl-c": CTRL_C }).map(([key, pressed]) =>
    check(`7.${key}-at-a-question`, `${key} at a question is no, and stops the turn`, async (bench) => {
      const terminal = await begin(bench, [runBash("touch ran"), runBash("touch ran-too")]);
      await asksAbout(terminal, "touch ran");
      terminal.press(pressed);
      await terminal.ask("And now?");
      await terminal.shows("All done.");
      expectEqual(resultsIn(bench.requests.at(-1)).length, 2, "results");
      expectNoFile(bench, "ran");
      expectNoFile(bench, "ran-too");
    }),
  ),

  check("7.invalid-asks-nothing", "a call that cannot work asks nothing", async (bench) => {
    await bench.put({ "a.txt": "one\n" });
    const wrong = { name: "edit_file", input: { path: "a.txt" } };
    const terminal = await begin(bench, [wrong], [editFile("a.txt", "absent", "two")]);
    await terminal.shows("All done.");
    expectEqual(resultsIn(bench.requests.at(-1)).length, 2, "results");
  }),

  check(
    "7.nothing-hidden",
    "a command is shown whole, with what does not print made visible",
    async (bench) => {
      const padding = "x".repeat(400);
      const command = `echo ${padding}\u001b[8m\u202e; touch ran`;
      const terminal = await begin(bench, [runBash(command)]);
      await asksAbout(terminal, "touch ran");
      const shown = terminal.screen.replace(/\s/g, "");
      expectThat(shown.includes(padding), "all of the command on the screen", terminal.screen);
      expectText(terminal.screen, /1b/i, "the escape character, visible");
      expectText(terminal.screen, /202e/i, "the bidirectional control, visible");
      terminal.press("n\r");
      await terminal.shows("All done.");
      expectNoFile(bench, "ran");
    },
  ),
];

/** A conversation in which the model makes these calls, a reply each. */
async function begin(bench: Workbench, ...replies: readonly ScriptedCall[][]): Promise<AgentTerminal> {
  await bench.serve([...replies.map((calls) => ({ calls })), { text: "All done." }]);
  const terminal = await bench.converse(["--approval", "ask"]);
  await terminal.ask("Go on.");
  return terminal;
}

/** Waits for a question that names the text; the answers it offers come last. */
async function asksAbout(terminal: AgentTerminal, text: string): Promise<void> {
  await waitFor(`a question about ${text}`, () => {
    const { screen } = terminal;
    const offer = screen.search(/\by once\b(?!.*\by once\b)/s);
    return (
      offer >= 0 &&
      screen.lastIndexOf(text) < offer &&
      screen.lastIndexOf(text) > screen.lastIndexOf("once", offer - 1)
    );
  });
}

function expectNoFile({ folder }: Workbench, name: string): void {
  expectThat(!existsSync(join(folder, name)), `no file ${name}`, "it is there");
}
