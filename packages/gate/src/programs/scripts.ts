import { Unproved } from "../tokens.ts";
import { unknown } from "../words.ts";
import type { Programs } from "./program.ts";

/** Nothing escaped and nothing in brackets: editions of sed differ in where a pattern with those ends. */
const between = (mark: string) => String.raw`[^${mark}\\\n[\]]`;
const ADDRESS = String.raw`(?:\d+|\$|/${between("/")}+/)`;
/** Lines to print, delete or count up to, and plain replacements: nothing of sed's that writes or runs (w, e, s///e). */
const COMMAND = String.raw`(?:${ADDRESS}(?:,(?:${ADDRESS}|\+\d+))?)? ?(?:[pdq=]|!d|!p|${["/", "\\|", "#", ","]
  .map((mark) => `s${mark}${between(mark)}*${mark}${between(mark)}*${mark}[gpI\\d]*`)
  .join("|")})`;
const SED = new RegExp(`^ *${COMMAND}(?: *; *${COMMAND})*;? *$`);

/** Fields to print: nothing of awk's that writes or runs can be said in this. */
const FIELD = String.raw`(?:\$(?:\d+|NF|\(NF-\d+\))|NR|NF|"[^"\\]*")`;
const CONDITION = String.raw`(?:NR *(?:==|<=|>=|>|<|!=) *\d+(?: *&& *NR *(?:<=|<) *\d+)?|/[^/\\[\]]+/)`;
const PRINT = String.raw`\{ *print(?: +${FIELD}(?:(?: *, *| +)${FIELD})*)? *;? *\}`;
const AWK = new RegExp(`^ *(?:${CONDITION}|${CONDITION}? *${PRINT}) *$`);

/** Programs whose first operand is a script in a language of its own. */
export const scripts: Programs = {
  awk: { values: { "-F": /^[^-]/ }, operands: [AWK], rest: "path", atLeast: 1 },
  // Not -L and -f, nor what takes in other files, shows the environment or may never end.
  jq: {
    letters: "acCeMnrRsSj",
    words:
      "--tab --slurp --raw-output --raw-input --compact-output --null-input --exit-status --sort-keys --join-output",
    values: { "--indent": "number" },
    operands: ["text"],
    rest: "path",
    check: ({ operands: [filter = ""] }) => {
      const [word] =
        /\$\s*ENV|(?<![.\w$])env\b|\b(?:import|include|modulemeta|input_filename|def|repeat|infinite|range|while|until|recurse)\b/.exec(
          filter,
        ) ?? [];
      if (word !== undefined) throw new Unproved(unknown("jq", word));
    },
  },
  // Not -i and -f.
  sed: {
    letters: "nErsuz",
    words: "--quiet --silent --regexp-extended --separate",
    values: { "-e": SED, "--expression": SED },
    operands: [SED],
    rest: "path",
    instead: ["-e", "--expression"],
    atLeast: 1,
  },
};
