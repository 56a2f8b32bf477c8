import { openRepo, type Step, stepsOf } from "../../packages/book/src/index.ts";
import { applicableChecks } from "../../packages/checker/src/index.ts";
import { colouredTexts } from "./highlight.ts";
import { githubSlug } from "./markdown/slug.ts";
import { readPhases, repoFolder } from "./phases.ts";
import type { ChapterSteps } from "./theme/steps/data.ts";

/** The address of each phase's steps on the site, and what makes the text that is there. */
export function stepFiles(): Record<string, () => Promise<string>> {
  return Object.fromEntries(
    readPhases().map(({ number }) => [`steps/${number}.json`, () => stepsText(number)]),
  );
}

/** How many steps the chapter of a phase has. */
export function countSteps(phase: number): number {
  return stepsOf(openRepo(repoFolder), phase).steps.length;
}

async function stepsText(phase: number): Promise<string> {
  const { start, steps } = stepsOf(openRepo(repoFolder), phase);
  const { texts, indexOf, dispose } = await colouredTexts();
  const titles = new Map(applicableChecks(phase).map(({ id, title }) => [id, title]));
  const filesOf = (program: Step["program"]) =>
    Object.fromEntries(
      [...program]
        .filter(([, lines]) => lines.length > 0)
        .map(([path, lines]) => [path, indexOf(lines.join("\n"))]),
    );
  const chapter: ChapterSteps = {
    texts,
    steps: [
      {
        number: 0,
        title: phase === 1 ? "An empty folder" : `Phase ${phase - 1}`,
        checks: [],
        files: filesOf(start),
      },
      ...steps.map(({ number, title, page, checks, program }) => ({
        number,
        title,
        place: `${page.replace(/^docs(.*)\.md$/, "$1")}#${githubSlug(`Step ${number}: ${title}`)}`,
        checks: checks.map((id) => ({ id, title: titles.get(id) ?? "" })),
        files: filesOf(program),
      })),
    ],
  };
  dispose();
  return JSON.stringify(chapter);
}
