import { expectText, expectThat } from "../../expect.ts";
import { waitFor } from "../../wait.ts";
import { keysOf } from "../agent.ts";
import type { Bench } from "../bench.ts";
import type { AgentCheck } from "../check.ts";
import { calls } from "../dialogue.ts";
import { commandOf } from "../left-behind.ts";

/** Commands: what comes back of them, what they may see, and what may stay behind. */
export const shell: readonly AgentCheck[] = [
  {
    id: "shell.reports",
    level: "core",
    title: "output, errors and a failure's exit code come back",
    needs: ["shell"],
    hint: "Put stdout, stderr and the exit code into the result.",
    more: "A model that is not told of a failure believes that its tests have passed.",
    async run(bench) {
      const [[text] = []] = await calls(bench, [
        // Its words are not in the command, which many a tool repeats in its result.
        bench.call("shell", {
          command: "printf 'TO-%s\\n' OUT; printf 'TO-%s\\n' ERR >&2; exit 4''7",
        }),
      ]);
      expectText(text, "TO-OUT", "what it printed on stdout");
      expectText(text, "TO-ERR", "what it printed on stderr");
      expectText(text, /\b47\b/, "its exit code");
    },
  },
  {
    id: "shell.in-workspace",
    level: "core",
    title: "a command runs in the workspace",
    needs: ["shell"],
    hint: "Start it in the folder that the agent was started in.",
    more: "A shell that is kept between calls may have moved: say in each result where it is.",
    async run(bench) {
      await calls(bench, [bench.call("shell", { command: "echo here > made-by-a-command.txt" })]);
      expectText((await bench.bytes("made-by-a-command.txt")).toString(), "here", "a file in the workspace");
    },
  },
  {
    id: "shell.no-input",
    level: "core",
    title: "a command that reads from stdin does not wait for ever",
    needs: ["shell"],
    hint: "Give commands an empty stdin (/dev/null).",
    more: "`git commit` without -m, `npm init`, `read`: nobody answers them. A time limit helps as well.",
    async run(bench) {
      const [[text] = []] = await calls(bench, [
        bench.call("shell", { command: "cat; read line; printf 'IT-%s\\n' GOES-ON" }),
      ]);
      expectText(text, "IT-GOES-ON", "the rest of the command's output");
    },
  },
  {
    id: "shell.bounded",
    level: "core",
    title: "a flood of output makes no request of more than 1 MB",
    needs: ["shell"],
    hint: "Keep the start and the end of what a command prints, and say how much is left out.",
    more: "The end has the error, the start has what was run. In a shell script, hand it on in a file: one argument may be 128 KB at most.",
    async run(bench) {
      const [[text] = []] = await calls(bench, [bench.call("shell", { command: "seq 1 1000000" })]);
      const size = bench.requests.at(-1)?.raw.length ?? 0;
      expectThat(size < 1_000_000, "a request of less than 1,000,000 characters", size);
      expectThat((text ?? "") !== "", "some of the output", text);
    },
  },
  {
    id: "shell.odd-bytes",
    level: "core",
    title: "output that is not UTF-8 leaves the next request valid",
    needs: ["shell"],
    hint: "Decode what a command prints with replacement: put U+FFFD for what is not UTF-8.",
    more: "Half a surrogate pair in a JSON string makes some services refuse the conversation for good. A strict decoder loses the whole output.",
    async run(bench) {
      const command = String.raw`printf 'ok \377\376 \355\240\200 \033[31mred\033[0m END-OF-IT\n'`;
      const [[text] = []] = await calls(bench, [bench.call("shell", { command })]);
      expectText(text, "END-OF-IT", "the end of the output");
    },
  },
  {
    id: "shell.background",
    level: "core",
    title: "a command that starts something in the background comes back",
    needs: ["shell"],
    hint: "Wait for the command's own end, not for the end of its output.",
    more: "A child in the background holds the pipe open. Waiting for the pipe to close waits for the child.",
    async run(bench) {
      const [[text] = []] = await calls(bench, [
        bench.call("shell", { command: "sleep 300 & printf 'HAS-%s\\n' STARTED" }),
      ]);
      expectText(text, "HAS-STARTED", "what the command itself printed");
    },
  },
  {
    id: "shell.leaves-nothing",
    level: "core",
    title: "when the agent has ended, nothing that it started is left",
    needs: ["shell"],
    hint: "Start each command in a process group of its own, and end the group when the agent ends.",
    more: "A dev server that outlives its agent holds the port, and nobody knows where it came from.",
    async run(bench) {
      await calls(bench, [bench.call("shell", { command: "sleep 301 > /dev/null 2>&1 & echo STARTED" })]);
      await expectGone(bench, 301);
    },
  },
  {
    id: "shell.interrupt",
    level: "core",
    title: "an interrupt ends the command that runs, and what it started",
    needs: ["shell"],
    hint: "On SIGINT end the command's whole process group, then yourself.",
    more: "A signal to the shell alone leaves its children running.",
    async run(bench) {
      const command = `sleep 302 & ${SOON}; wait`;
      await bench.serve(() => ({ calls: [bench.call("shell", { command })] }));
      const agent = bench.start("go");
      await hasStarted(bench);
      agent.signal("SIGINT");
      await agent.end(bench.sign);
      await expectGone(bench, 302);
    },
  },
  {
    id: "shell.terminated",
    level: "core",
    title: "an agent that is told to end (SIGTERM) leaves no command behind",
    needs: ["shell"],
    hint: "Handle SIGTERM and SIGHUP as you handle SIGINT.",
    more: "A terminal that closes sends SIGHUP, a supervisor SIGTERM.",
    async run(bench) {
      const command = `sleep 303 & ${SOON}; wait`;
      await bench.serve(() => ({ calls: [bench.call("shell", { command })] }));
      const agent = bench.start("go");
      await hasStarted(bench);
      agent.signal("SIGTERM");
      await agent.end(bench.sign);
      await expectGone(bench, 303);
    },
  },
  {
    id: "shell.hides-keys",
    level: "core",
    title: "a command does not see the keys of the model's provider",
    needs: ["shell"],
    hint: "Take the providers' keys, such as OPENAI_API_KEY, out of the environment that commands get.",
    more: "What a command prints goes to the model: `env` in a build log sends the key along.",
    async run(bench) {
      // CHECK_KEY is a name of ours: no agent can know it for a key.
      await calls(bench, [bench.call("shell", { command: "env | grep -v '^CHECK_KEY='" })]);
      const text = bench.requests.at(-1)?.view.messages.findLast(({ role }) => role === "tool")?.text ?? "";
      const seen = keysOf(bench).flatMap((key) =>
        [...text.matchAll(/\w+=[^\s"\\]*/g)].map(String).filter((line) => line.includes(key)),
      );
      expectThat(seen.length === 0, "an environment without the key", seen);
    },
  },
];

/** Says that the command runs, when the agent had a moment to note what it has started. */
const SOON = "sleep 0.2; echo $$ > started.txt";

async function hasStarted(bench: Bench): Promise<void> {
  const isThere = () => bench.bytes("started.txt").then(Boolean, () => false);
  await waitFor("the command to start", isThere, bench.sign);
}

/** Waits until the command that sleeps so long has gone, and with it the shell around it. */
async function expectGone(bench: Bench, seconds: number): Promise<void> {
  let left: string[] = [];
  const isGone = async () => {
    const commands = await Promise.all((await bench.processes()).map(commandOf));
    left = commands.filter((command) => command.includes(`sleep ${seconds}`));
    return left.length === 0;
  };
  const until = Date.now() + 3000;
  while (!(await isGone()) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
  expectThat(left.length === 0, "nothing left of the command", left);
}
