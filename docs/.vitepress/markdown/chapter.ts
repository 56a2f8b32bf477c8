import { readFileSync } from "node:fs";
import { join } from "node:path";
import { phaseNumberOf, readPage } from "../../../packages/book/src/blocks.ts";
import { PAGES, pagesWith } from "../../../packages/book/src/pages.ts";
import { wordsOf } from "../../../packages/book/src/words.ts";
import { repoFolder } from "../phases.ts";
import { countSteps } from "../steps.ts";

const WORDS_A_MINUTE = 220;
const LINES_OF_CODE_A_MINUTE = 45;

/** Below a chapter's title: its place in the book, how long it takes to read, and its steps. */
export function chapterLine(relativePath: string): string {
  const path = `docs/${relativePath}`;
  const phase = phaseNumberOf({ path });
  if (phase === undefined || !PAGES.includes(path)) return "";
  const page = readPage(path, readFileSync(join(repoFolder, path), "utf8"));
  const lines = page.fences.reduce((sum, { body }) => sum + body.length, 0);
  const minutes = Math.round(wordsOf(page) / WORDS_A_MINUTE + lines / LINES_OF_CODE_A_MINUTE);
  const steps = phase >= 1 && phase <= 8 ? countSteps(phase) : 0;
  const link = steps > 0 ? `<a href="/steps#${phase}">${steps} steps</a>` : "";
  return `<p class="chapter-line">${[placeOf(path, phase), `${minutes} minutes`, link].filter(Boolean).join(" · ")}</p>`;
}

function placeOf(path: string, phase: number): string {
  if (phase === 0) return "Before the phases";
  if (phase > 8) return "After the phases";
  const pages = pagesWith(path);
  const part = pages.length > 1 ? `, page ${pages.indexOf(path) + 1} of ${pages.length}` : "";
  return `Phase ${phase} of 8${part}`;
}
