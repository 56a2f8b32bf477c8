import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Check } from "../check.ts";
import { chapter1 } from "./chapter-1.ts";
import { chapter2 } from "./chapter-2.ts";
import { chapter3 } from "./chapter-3.ts";
import { chapter4 } from "./chapter-4.ts";
import { chapter5 } from "./chapter-5.ts";
import { chapter6 } from "./chapter-6.ts";
import { chapter7 } from "./chapter-7.ts";
import { chapter8 } from "./chapter-8.ts";

/** What the answer to an exercise of the book must do, by the exercise's number. `phase` is the one that it changes. */
export const acceptances: readonly Check[] = [
  ...chapter1,
  ...chapter2,
  ...chapter3,
  ...chapter4,
  ...chapter5,
  ...chapter6,
  ...chapter7,
  ...chapter8,
];

/** An exercise as its chapter puts it. */
export interface Exercise {
  readonly id: string;
  readonly title: string;
  /** The first of its hints. */
  readonly nudge: string;
  /** Where it is, from the root of the repository. */
  readonly page: string;
}

/** The exercises of the book, in order. @param root of the repository */
export function readExercises(root: string): Exercise[] {
  const pages = readdirSync(join(root, "docs")).filter((name) => /^0[1-8]-.*\.md$/.test(name));
  return pages
    .flatMap((name) => exercisesIn(readFileSync(join(root, "docs", name), "utf8"), `docs/${name}`))
    .sort((one, other) => one.id.localeCompare(other.id));
}

function exercisesIn(text: string, page: string): Exercise[] {
  const [, ...sections] = text.replaceAll("\r\n", "\n").split(/^### (?=\d\.\d )/m);
  return sections.map((section) => {
    const [, id = "", title = ""] = /^(\d\.\d) (.+)/.exec(section) ?? [];
    const [, nudge = ""] = /<b>Nudge<\/b><\/summary>\n\n(.*?)\n\n<\/details>/s.exec(section) ?? [];
    return { id, title, nudge: nudge.replaceAll("\n", " "), page };
  });
}
