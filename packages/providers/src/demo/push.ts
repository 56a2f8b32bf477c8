import { lacks, lastStep, type Playbook, type Situation, type Step } from "./situation.ts";

/** Chapter 7: one command runs without a question, the other is asked about. */
export const push: Playbook = {
  example: "Show me git status, then push.",

  answers: (request) => /\bpush\b/i.test(request),

  next(situation) {
    const lacking = lacks(situation, "run_bash", "run commands");
    if (lacking) return lacking;
    if (!lastStep(situation, "run_bash")) return run("What does git say?", "git status --short --branch");
    const pushed = commandStep(situation, "git push");
    if (!pushed) return run("And now the push.", "git push");
    if (pushed.text.startsWith("Not run:")) return { say: `I did not push. ${pushed.text}` };
    const [ending = ""] = pushed.text.split("\n");
    return { say: `I ran \`git push\`: ${ending}.` };
  },
};

function run(say: string, command: string) {
  return { say, calls: [{ name: "run_bash", input: { command } }] };
}

function commandStep({ steps }: Situation, command: string): Step | undefined {
  return steps.find(({ name, input }) => name === "run_bash" && input.command === command);
}
