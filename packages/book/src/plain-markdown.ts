import { type Page, phaseNumberOf } from "./blocks.ts";
import type { Failure } from "./problem.ts";

/** What GitHub and the site do not both take as text. */
const TRAPS: readonly (readonly [RegExp, string])[] = [
  [/\{\{/, "The site takes {{ for a formula: put it in code."],
  [/^(?::::|<<<)/, "GitHub shows this as text: it is the site's own syntax."],
  [/<[A-Z][\w.]*(?:\[\])?(?:>|\s)/, "Both take this for an HTML tag: put it in code."],
  [/\w<\w[\w., |[\]]*>/, "Both take this for an HTML tag: put it in code."],
];

/** A chapter reads the same on GitHub and on the site: it begins with its title, and is plain Markdown. */
export function plainMarkdown(page: Page): Failure[] {
  const fail = (line: number, message: string) => ({ chapter: page.path, line, block: "Markdown", message });
  const untitled = phaseNumberOf(page) !== undefined && !page.lines[0]?.startsWith("# ");
  const traps = page.prose.flatMap(({ text, line }) => {
    const plain = text.replaceAll(/(`+).*?\1/g, "");
    const trap = TRAPS.find(([pattern]) => pattern.test(plain));
    return trap ? [fail(line, trap[1])] : [];
  });
  return [...(untitled ? [fail(1, "A chapter begins with its title: # …")] : []), ...traps];
}
