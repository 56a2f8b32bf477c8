import { Unproved } from "../tokens.ts";
import { bareCall, type Call, type Path, unknown } from "../words.ts";
import type { Program } from "./program.ts";

const OF_FILES = /^-[bcdefgGhkLOprsSuwxN]$/;
const OF_TEXTS = /^-[nz]$/;
const BETWEEN_FILES = /^-(?:nt|ot|ef)$/;
const BETWEEN_TEXTS = /^(?:=|==|!=|-eq|-ne|-lt|-le|-gt|-ge)$/;

/** The programs, and not bash's own commands: in those, -v runs what is between the brackets of a name. */
export const test: Program = { grammar: (words) => read("test", words), isBlind: true };

/** The same between brackets. */
export const bracket: Program = {
  isBlind: true,
  grammar: (words) => {
    if (words.at(-1) !== "]") throw new Unproved("[ is not closed");
    return { ...read("[", words.slice(0, -1)), optionsEnd: words.length };
  },
};

/** One test: `-f file`, `! -d folder`, `a = b`. Joined ones (-a, -o) may be read in two ways. */
function read(name: string, words: readonly string[]): Call {
  const [first = "", second = "", third = "", ...more] = words[0] === "!" ? words.slice(1) : words;
  const count = words.length - (words[0] === "!" ? 1 : 0);
  const call = (...paths: readonly string[]): Call => ({
    ...bareCall(name, words),
    paths: paths.map((path): Path => ({ path, kind: "path" })),
  });
  if (count === 2 && OF_FILES.test(first)) return call(second);
  if (count === 1 || (count === 2 && OF_TEXTS.test(first))) return call();
  if (count === 3 && BETWEEN_FILES.test(second)) return call(first, third);
  if (count === 3 && BETWEEN_TEXTS.test(second)) return call();
  throw new Unproved(unknown(name, [first, second, third, ...more].join(" ").trim()));
}
