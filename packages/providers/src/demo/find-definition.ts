import { lacks, lastStep, type Move, type Playbook, type Situation } from "./situation.ts";

const ASKED = /\bwhere is (?:the )?(?:function |class |variable )?[`'"]?([\w$]+)[`'"]?(?:\(\))? defined\b/i;

/** Chapter 3: list, search, read. Nobody wrote that order down for a real model. */
export const findDefinition: Playbook = {
  example: "Where is `parse` defined?",

  answers: (request) => ASKED.test(request),

  next(situation) {
    const name = ASKED.exec(situation.request)?.[1] ?? "";
    if (!lastStep(situation, "list_files")) {
      const list = { say: "I will look at what is here.", calls: [{ name: "list_files", input: {} }] };
      return lacks(situation, "list_files", "list or search files") ?? list;
    }
    const search = lastStep(situation, "grep");
    if (!search) {
      const pattern = `\\b(function|const|let|var|class|def|fn)\\s+${name}\\b`;
      return {
        say: `I will search for where \`${name}\` is declared.`,
        calls: [{ name: "grep", input: { pattern } }],
      };
    }
    return readMatch(situation, name, search.text);
  },
};

function readMatch(situation: Situation, name: string, found: string): Move {
  const [, path, line] = /^(.+?):(\d+): /.exec(found) ?? [];
  if (!path || !line) return { say: `No declaration of \`${name}\` matches. ${found}` };
  const read = lastStep(situation, "read_file", path);
  if (!read) {
    const offset = Math.max(1, Number(line) - 2);
    return {
      say: `It looks like ${path}, line ${line}. I will read it to be sure.`,
      calls: [{ name: "read_file", input: { path, offset, limit: 12 } }],
    };
  }
  const declaration = read.text.split("\n").find((text) => text.trimStart().startsWith(`${line}\t`));
  if (!declaration) return { say: `I could not read line ${line} of ${path}. ${read.text}` };
  return {
    say: `\`${name}\` is defined in ${path}, line ${line}:\n\n    ${declaration.replace(/^ *\d+\t/, "").trim()}`,
  };
}
