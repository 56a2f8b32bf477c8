import type { Dialect, Script } from "@eightfold/wire";
import type { AgentTerminal } from "../agent-terminal.ts";
import { readFile } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectEqual, expectText } from "../expect.ts";
import { callsIn, resultsIn, transcript } from "../requests.ts";
import type { Workbench } from "../workbench.ts";

/** `/model`: another provider in the middle of a conversation. */
export const modelSwitch: readonly Check[] = [
  check(
    "6.switches-models",
    "/model goes on with another provider, calls and results included",
    async (bench) => {
      await bench.put({ "notes.txt": "alpha\n" });
      const [first, second, third] = await startServices(bench);
      const terminal = await bench.converse();
      const turns: string[] = [];
      for (const { name, server } of [first, second, third, first]) {
        if (turns.length > 0) await switchTo(terminal, name);
        const answered = server.requests.length;
        turns.push(`Turn ${turns.length + 1}.`);
        await terminal.ask(turns.at(-1) ?? "");
        await terminal.shows(`Done by ${name} in ${answered + 2}.`);
        const last = server.requests.at(-1);
        expectEqual(callsIn(last).length, turns.length, "the calls so far");
        for (const text of resultsIn(last)) expectText(text, "alpha", "a result");
        for (const turn of turns) expectText(transcript(last), turn, "the conversation so far");
      }
      expectEqual(new Set(bench.requests.map(({ view }) => view.system)).size, 1, "system prompts");
    },
    { ours: true },
  ),

  check("6.keeps-its-model", "/model with a wrong name says so, and the model stays", async (bench) => {
    const wire = await bench.serve([{ text: "Still here." }]);
    const terminal = await bench.converse();
    await terminal.ask("/model nonsense:9");
    await terminal.shows("gemini");
    await terminal.ask("Are you there?");
    await terminal.shows("Still here.");
    expectEqual(wire.requests.length, 1, "requests");
  }),

  check(
    "6.settings",
    "what is set of the model is sent, from the command line and with /model",
    async (bench) => {
      const wire = await bench.serve([
        { text: "One." },
        { text: "Two." },
        { text: "Three." },
        { text: "Four." },
      ]);
      const terminal = await bench.converse(["--max-tokens", "777"]);
      const model = wire.env.EIGHTFOLD_MODEL ?? "";
      for (const [words, answer, name] of [
        ["", "One.", /--max-tokens 777/],
        ["--timeout 30", "Two.", /--max-tokens 777\s+--timeout\s+30/],
        [`${model} --max-tokens 888`, "Three.", /--max-tokens 888/],
        [model, "Four.", model],
      ] as const) {
        await switchTo(terminal, words, name);
        await terminal.ask("Go on.");
        await terminal.shows(answer);
      }
      const limits = wire.requests.map(({ raw }) => /:(777|888)\b/.exec(raw)?.[1] ?? "");
      expectEqual(limits.join(), "777,777,888,", "the limits that were sent");
    },
  ),
];

const next: Readonly<Record<Dialect, [Dialect, Dialect]>> = {
  responses: ["anthropic", "gemini"],
  chat: ["gemini", "ollama"],
  anthropic: ["gemini", "ollama"],
  gemini: ["ollama", "responses"],
  ollama: ["responses", "gemini"],
};

/** A service of each provider. The subject's own is the one that the agent begins with. */
async function startServices(bench: Workbench) {
  const [dialect2, dialect3] = next[bench.subject.dialect];
  const third = await startService(bench, dialect3);
  const second = await startService(bench, dialect2);
  return [await startService(bench, bench.subject.dialect), second, third] as const;
}

/** It reads a file in each turn, and then says that it is done. */
async function startService(bench: Workbench, dialect: Dialect) {
  const script: Script = ({ view }, index) =>
    view.messages.at(-1)?.role === "tool"
      ? { text: `Done by ${name} in ${index + 1}.`, reasoning: "That was easy." }
      : { calls: [readFile("notes.txt")], reasoning: "What is in it?" };
  const server = await bench.serve(script, { dialect });
  const name = server.env.EIGHTFOLD_MODEL ?? "";
  return { name, server };
}

async function switchTo(
  terminal: AgentTerminal,
  words: string,
  name: string | RegExp = words,
): Promise<void> {
  await terminal.prompt();
  const before = terminal.screen.length;
  await terminal.ask(`/model ${words}`);
  await terminal.prompt();
  expectText(terminal.screen.slice(before).split("\n").slice(1).join("\n"), name, "what /model says");
}
