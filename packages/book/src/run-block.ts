import type { Block } from "./blocks.ts";
import { isSameRun, normalise } from "./normalise.ts";
import { Problem } from "./problem.ts";
import type { Rendered } from "./render.ts";
import type { Scratch } from "./scratch.ts";
import { type Keys, runInTerminal, type Session } from "./screen.ts";

/**
 * `<!-- run: pnpm phase 5 start "…" -->`: the commands, a line each, and what a terminal shows of them. A line
 * `> words` is typed at the agent's prompt; `>"text" keys` presses keys when that text is on the screen.
 */
export async function runBlock({ text }: Block, { folder, env }: Scratch): Promise<Session> {
  if (/(?<!exec |["/])\bnode \S+\.ts\b/.test(text))
    throw new Problem("A reader's own Node may be too old for TypeScript: say pnpm exec node.");
  const { script, keys } = readScript(text);
  return await runInTerminal(script, keys, folder, env);
}

/** What the block must hold after that session. A Problem when it did not end as the block says. */
export function renderRun(block: Block, { screen, exitCode }: Session): Rendered {
  const expected = Number(/\bexit (\d+)/.exec(block.options)?.[1] ?? 0);
  const lines = normalise(screen);
  if (exitCode !== expected)
    throw new Problem(
      `It ends with exit ${exitCode}, not ${expected}; say (exit ${exitCode}) if that is right.\n${lines.join("\n")}`,
    );
  const found = block.fence?.body;
  return { info: "console", body: found && isSameRun(found, lines) ? found : lines };
}

/** One script, so that `cd` and variables last; it ends at the first command that fails. */
export function readScript(text: string): { script: string; keys: Keys[] } {
  const keys: Keys[] = [];
  const script = ["set -e"];
  let typing = false;
  const leave = () => {
    if (typing) keys.push({ press: "\x04" });
    typing = false;
  };
  for (const line of text.split("\n")) {
    const [, after, words] = /^>(?:"([^"]*)")? (.*)$/.exec(line) ?? [];
    if (words === undefined) {
      leave();
      script.push(`printf '%s\\n' ${quoted(`$ ${line}`)}`, line);
    } else if (after === undefined) {
      typing = true;
      keys.push({ press: `${words}\r` });
    } else {
      keys.push({
        after,
        press: words.replaceAll("^C", "\x03").replaceAll("^M", "\r").replaceAll("^[", "\x1b"),
      });
    }
  }
  leave();
  return { script: script.join("\n"), keys };
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
