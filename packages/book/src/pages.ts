import { phaseNumberOf } from "./blocks.ts";

/** The pages of the book, in the order in which they are read. A phase may have several. */
export const PAGES: readonly string[] = [
  "docs/00-what-an-agent-is.md",
  "docs/00-write-one-by-hand.md",
  "docs/01-chat-loop.md",
  "docs/02-read-tool.md",
  "docs/03-exploration.md",
  "docs/04-write.md",
  "docs/05-shell.md",
  "docs/06-prompt.md",
  "docs/07-permissions.md",
  "docs/08-context.md",
  "docs/08-window.md",
  "docs/08-memory.md",
  "docs/08-helpers.md",
  "docs/09-where-to-go-next.md",
  "docs/09-write-a-provider.md",
  "docs/agents.md",
  "docs/architecture.md",
  "docs/check-your-agent.md",
  "docs/glossary.md",
  "docs/providers.md",
  "docs/references.md",
  "docs/roadmap.md",
  "docs/security.md",
  "docs/traces.md",
];

/** The pages that build the phase of a page, that one among them, in order. */
export function pagesWith(page: string): readonly string[] {
  const number = phaseNumberOf({ path: page });
  const pages = PAGES.filter((path) => number !== undefined && phaseNumberOf({ path }) === number);
  return pages.includes(page) ? pages : [page];
}
