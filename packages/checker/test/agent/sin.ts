const sins = [
  "forgets-the-conversation",
  "rewrites-the-conversation",
  "prints-the-banner-on-stdout",
  "prints-at-the-end",
  "decodes-each-chunk-alone",
  "believes-a-cut-stream",
  "prints-stack-traces",
  "ignores-unknown-flags",
  "ends-on-ctrl-c",
  "never-leaves",
  "keeps-unanswered-calls",
  "drops-results",
  "runs-cut-off-calls",
  "crashes-on-a-wrong-call",
  "follows-links",
  "opens-pipes-and-folders",
  "reads-without-end",
  "ignores-the-step-limit",
  "edits-the-first-of-several",
  "replaces-with-patterns",
  "rewrites-line-ends",
  "overwrites-what-it-has-not-read",
  "hides-exit-codes",
  "leaves-children",
  "shows-its-keys",
] as const;

/** What the agent of this folder does wrong when it is told to; without `--sin` it is honest. */
export type Sin = (typeof sins)[number];

const flag = process.argv.indexOf("--sin");
const [, chosen] = flag < 0 ? [] : process.argv.splice(flag, 2);
if (chosen !== undefined && !sins.some((sin) => sin === chosen))
  throw new Error(`There is no sin ${chosen}.`);

export const commits = (sin: Sin): boolean => sin === chosen;
