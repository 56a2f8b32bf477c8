import { Unproved } from "./tokens.ts";
import { unknown } from "./words.ts";

/** The name of a ref or a hash, with moments: main, @{u}, stash@{0}. Then steps from there: ~2, ^{tree}. */
const NAME = String.raw`(?:@\{[^{}]*\}|@(?!\{)|\.(?!\.)|[^\s~^:?*[\]\\@{}.])+`;
const STEPS = String.raw`(?:\^\{(?:commit|tree|/[^{}]*)?\}|\^[@!]|\^-\d*|[~^]\d*)*`;
const REVISION = new RegExp(
  `^(\\^?)(?:(${NAME})(${STEPS}))?(?:(\\.{2,3})(?:(${NAME})(${STEPS}))?)?(:(?!/).*)?$`,
  "s",
);

/**
 * The same revision, its names made to mean commits: a hash, a tag and a branch may be any file's or folder's, also of
 * one that holds secrets, and then no path tells.
 * @param name as git takes it (https://git-scm.com/docs/gitrevisions): a commit, two with dots between, `commit:path`
 * @param what who takes it, for the message
 * @throws Unproved for what is none of these
 */
export function peeled(name: string, what: string): string {
  const match = REVISION.exec(name);
  const [, not = "", first, steps = "", dots = "", second, more = "", path = ""] = match ?? [];
  // Dots in a path join two commits. Where steps do not lead on, git takes all after "@{", to the last brace, for a moment.
  const isOther =
    /\.\./.test(path) || (dots !== "" && path !== "") || (name.includes("@{") && name.split("}").length > 2);
  if (match === null || isOther) throw new Unproved(unknown(what, name));
  // What does not stand beside the dots is HEAD; nothing before a colon is the index.
  const left = first ?? (dots === "" ? undefined : "HEAD");
  const right = dots === "" ? undefined : (second ?? "HEAD");
  return [not, commit(left), steps, dots, commit(right), more, path].join("");
}

function commit(name: string | undefined): string {
  return name === undefined ? "" : `${name}^0`;
}
