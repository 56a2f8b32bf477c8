import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { standaloneHtml } from "../../packages/inspector/src/html.ts";
import { pageCode } from "../../packages/inspector/src/page.ts";
import { docsFolder } from "./phases.ts";

const folder = join(docsFolder, "traces");
const read = (name: string) => readFileSync(join(folder, `${name}.jsonl`), "utf8");
const namesOf = () => readdirSync(folder).flatMap((file) => /^(.*)\.jsonl$/.exec(file)?.[1] ?? []);

/** Each trace of the book as a page of its own, the same that `pnpm phase inspect` shows: `/traces/5-fix.html`. */
export function traceFiles(): Record<string, () => Promise<string>> {
  return Object.fromEntries(
    namesOf().map((name) => [
      `traces/${name}.html`,
      async () => standaloneHtml(await pageCode(), read(name)),
    ]),
  );
}

/** A trace in a list: what was asked, in which protocol, and how much went over the wire. */
export interface TraceSummary {
  readonly name: string;
  readonly phase: number;
  /** Whose protocol is spoken: a scripted server speaks each as the real one does. */
  readonly provider: string;
  readonly asked: readonly string[];
  readonly requests: number;
}

export function readTraces(): TraceSummary[] {
  return namesOf().map((name) => {
    const lines: readonly Record<string, unknown>[] = read(name)
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const of = (type: string) => lines.filter((line) => line.type === type);
    return {
      name,
      phase: Number(of("trace")[0]?.phase),
      provider: String(of("model")[0]?.model ?? "").replace(/:.*/, ""),
      asked: of("turn").map(({ request }) => String(request)),
      requests: of("request").length,
    };
  });
}
