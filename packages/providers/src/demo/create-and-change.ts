import { lacks, lastStep, type Move, type Playbook, type Situation } from "./situation.ts";

const ASKED = /\b(?:create|write|make)\b.*?([\w/-]+\.\w+)/i;

/** Chapter 4: a file is created, and then one line of it is changed. */
export const createAndChange: Playbook = {
  example: "Create notes.md, then change one line of it.",

  answers: (request) => ASKED.test(request),

  next(situation) {
    const path = ASKED.exec(situation.request)?.[1] ?? "notes.md";
    const written = lastStep(situation, "write_file");
    if (!written) {
      const content = `# ${path}\n\nStatus: draft\n\nWritten by the demo model of Eightfold.\n`;
      const write = {
        say: `I will create ${path}.`,
        calls: [{ name: "write_file", input: { path, content } }],
      };
      return lacks(situation, "write_file", "write files") ?? write;
    }
    if (written.isError) return { say: `I could not create ${path}. ${written.text}` };
    return changeIt(situation, path);
  },
};

function changeIt(situation: Situation, path: string): Move {
  if (!/\bchange|edit\b/i.test(situation.request)) return { say: `I created ${path}.` };
  const edited = lastStep(situation, "edit_file");
  if (edited) {
    const outcome = edited.isError
      ? `could not change it. ${edited.text}`
      : "changed its third line to `Status: final`.";
    return { say: `I created ${path} and ${outcome}` };
  }
  return {
    say: "Now I will change one line of it.",
    calls: [{ name: "edit_file", input: { path, old_text: "Status: draft", new_text: "Status: final" } }],
  };
}
