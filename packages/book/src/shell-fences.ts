import { type Fence, type Page, phaseNumberOf } from "./blocks.ts";
import type { Failure } from "./problem.ts";

/** Fences of commands without a directive: output by hand in a chapter, and `sh no-run` without a reason, are wrong. */
export function handWritten(page: Page): Failure[] {
  const owned = new Set(page.blocks.map(({ fence }) => fence?.start));
  return page.fences
    .filter(({ start }) => !owned.has(start))
    .flatMap((fence) => {
      const message = complaint(fence, page);
      return message ? [{ chapter: page.path, line: fence.start + 1, block: fence.info, message }] : [];
    });
}

function complaint({ info, start }: Fence, page: Page): string | undefined {
  if (info === "console" && phaseNumberOf(page) !== undefined)
    return "Output is made by running: write <!-- run: COMMAND -->.";
  if (info === "sh no-run" && !/-->\s*$/.test(page.lines[start - 1] ?? ""))
    return "Say why it is not run, in a comment right above the fence.";
  return undefined;
}

/** The commands of a page's `sh` fences that must work: the lines that begin with `pnpm`. */
export function commandsOf({ fences }: Page): { command: string; line: number }[] {
  return fences
    .filter(({ info }) => info === "sh")
    .flatMap(({ body, start }) => body.map((command, index) => ({ command, line: start + index + 2 })))
    .filter(({ command }) => command.startsWith("pnpm "));
}
