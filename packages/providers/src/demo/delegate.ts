import type { Playbook } from "./situation.ts";

const FILE = /[\w/-]+\.\w+/g;

/** Chapter 8: two helpers look at two files, side by side. */
export const delegateReading: Playbook = {
  example: "Delegate: what is in README.md, and what is in package.json?",

  answers: (request) => /^\s*delegate\b/i.test(request),

  next({ request, tools, steps }) {
    if (!tools.has("delegate")) return { say: "I have no tool to delegate. Phase 8 has one: `delegate`." };
    if (steps.length > 0)
      return { say: `My helpers report:\n\n${steps.map(({ text }) => text).join("\n\n")}` };
    const files = request.match(FILE) ?? ["README.md", "package.json"];
    const calls = files.map((path) => ({ name: "delegate", input: { task: `What is in ${path}?` } }));
    return { say: `A helper for each of ${files.length} files.`, calls };
  },
};
