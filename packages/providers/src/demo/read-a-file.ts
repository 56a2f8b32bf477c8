import { fileText, lacks, lastStep, type Playbook } from "./situation.ts";

const ASKED =
  /\b(?:what(?:'s| is) in|read|show(?: me)?|summari[sz]e|open) (?:the file )?`?([\w@./-]+\.\w+|README|LICENSE)`?/i;

/** Chapter 2: a question about a file is answered by reading it. */
export const readAFile: Playbook = {
  example: "What is in README.md?",

  answers: (request) => ASKED.test(request),

  next(situation) {
    const path = ASKED.exec(situation.request)?.[1] ?? "README.md";
    const read = lastStep(situation, "read_file", path);
    if (!read) {
      return (
        lacks(situation, "read_file", "read files") ?? {
          say: `I will read ${path}.`,
          calls: [{ name: "read_file", input: { path } }],
        }
      );
    }
    if (read.isError) return { say: `I could not read ${path}. ${read.text}` };
    const lines = (fileText(situation, path) ?? "").split("\n");
    const opening = lines.filter((line) => line.trim() !== "").slice(0, 3);
    return {
      say: `${path} has ${lines.length} lines. It begins:\n\n${opening.map((line) => `> ${line}`).join("\n")}`,
    };
  },
};
