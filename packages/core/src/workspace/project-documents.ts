import { open, realpath } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { isInside } from "./guard.ts";

/** What a project says of itself, for the system prompt. */
export interface ProjectDocument {
  /** Relative to the working folder, with "/" between names. */
  readonly path: string;
  readonly text: string;
  /** What was left out, where something was. */
  readonly notice?: string;
}

/** One document may take half of the budget, so that a long one leaves room for the next. */
const BUDGET_BYTES = 24_000;
const DOCUMENT_BYTES = BUDGET_BYTES / 2;

/**
 * The documents of a working folder: AGENTS.md from the repository's root down to the folder, then the folder's
 * README.md, package.json and pyproject.toml. What is missing, no text, or a link out of the repository is skipped.
 */
export async function projectDocuments(folder: string, repository = folder): Promise<ProjectDocument[]> {
  const paths = [
    ...foldersDown(repository, folder).map((each) => join(each, "AGENTS.md")),
    ...["README.md", "package.json", "pyproject.toml"].map((name) => join(folder, name)),
  ];
  const documents: ProjectDocument[] = [];
  let budget = BUDGET_BYTES;
  for (const path of paths) {
    const start = await readStart(path, repository, Math.min(budget, DOCUMENT_BYTES));
    if (!start) continue;
    budget -= start.bytes;
    const shown = relative(folder, path).split(sep).join("/");
    const left = start.size - start.bytes;
    const notice =
      left > 0 && `[cut here: ${left} of ${start.size} bytes left out; read_file shows the rest]`;
    documents.push({ path: shown, text: start.text, ...(notice && { notice }) });
  }
  return documents;
}

/** The folders from one down to another inside it, both included. */
function foldersDown(from: string, to: string): string[] {
  if (from === to || !isInside(from, to)) return [to];
  return [...foldersDown(from, dirname(to)), to];
}

/** The first bytes of a text file, up to a whole character. */
async function readStart(path: string, repository: string, limit: number) {
  let file: Awaited<ReturnType<typeof open>> | undefined;
  try {
    if (!isInside(repository, await realpath(path))) return undefined;
    file = await open(path);
    const stats = await file.stat();
    if (!stats.isFile()) return undefined;
    const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(limit, stats.size)));
    const text = new TextDecoder("utf-8", { fatal: true }).decode(buffer.subarray(0, bytesRead), {
      stream: true,
    });
    if (text.includes("\0") || text.trim() === "") return undefined;
    return { text: text.trimEnd(), bytes: bytesRead, size: stats.size };
  } catch {
    return undefined;
  } finally {
    await file?.close();
  }
}
