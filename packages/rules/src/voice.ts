import type { RepoFile } from "./repo-files.ts";

interface Habit {
  readonly pattern: RegExp;
  /** What a native writer says in its place. */
  readonly advice: string;
}

/** Turns of phrase that give a foreign accent away. Each is right now and then: see the exceptions. */
const HABITS: readonly Habit[] = [
  { pattern: /\bstands?\b(?! (?:for|out|still)\b)/i, advice: "is, appears, says" },
  { pattern: /\banew\b/i, advice: "again" },
  { pattern: /\bof (?:its|their|his|your) own accord\b/i, advice: "by itself, unasked" },
  { pattern: /\bcom(?:es?|ing) past\b/i, advice: "meets, runs into" },
  { pattern: /\bwhat shall\b/i, advice: "what should" },
  { pattern: /\bthe way of an? \w+/i, advice: "how a … is handled, what happens to a …" },
  {
    pattern: /(?<!\bthere )\b(?:is|are|was|were) no (?!longer\b|more\b|less\b|different\b|better\b)\w+/i,
    advice: "is not a …",
  },
  { pattern: /\bneeds? not\b/i, advice: "does not have to" },
  { pattern: /\bbut for\b/i, advice: "except for" },
  { pattern: /\ball that\b/i, advice: "everything that, everything" },
  { pattern: /\bbesides(?=[.;:)]|$)/im, advice: "too, as well" },
  { pattern: /\bin (?:the|its|their) place of\b/i, advice: "instead of" },
];

/** A phrase that is right where it is. */
interface Exception {
  readonly path: string;
  readonly phrase: string;
  readonly reason: string;
}

export const exceptions: readonly Exception[] = [];

/** A phrase may go on in the next line, and not in the next paragraph. */
const SPACE = "[^\\S\\n]*(?:[^\\S\\n]|\\n(?=\\S))[^\\S\\n]*";

/** Each turn of phrase in a page of Markdown that a native writer would not have used, in a sentence. */
export function foreignPhrases({ path, text }: RepoFile, allowed = exceptions): string[] {
  const prose = proseOf(text);
  return HABITS.flatMap(({ pattern, advice }) => {
    const spaced = new RegExp(pattern.source.replaceAll(/ (?!\()/g, SPACE), `g${pattern.flags}`);
    return [...prose.matchAll(spaced)]
      .map(({ 0: found, index }) => ({
        phrase: found.replace(/\s+/g, " "),
        line: prose.slice(0, index).split("\n").length,
      }))
      .filter(({ phrase }) => !allowed.some((each) => each.path === path && each.phrase === phrase))
      .map(({ phrase, line }) => `${path}:${line}: "${phrase}". Say: ${advice}.`);
  });
}

/** The page with its lines, but without what is code, quoted from a file, or a comment. */
function proseOf(text: string): string {
  const blank = (found: string) => found.replace(/[^\n]/g, "");
  return text
    .replace(/^ {0,3}(`{3,})[^`\n]*\n[\s\S]*?^ {0,3}\1`*$/gm, blank)
    .replace(/<!--[\s\S]*?-->/g, blank)
    .replace(/`[^`\n]*`/g, "code")
    .replace(/\]\([^)\s]*\)/g, "]");
}
