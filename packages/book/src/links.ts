import { posix } from "node:path";
import { type Page, readPage } from "./blocks.ts";
import type { Failure } from "./problem.ts";
import { linesOf, type Repo } from "./repo.ts";

/** Where links may lead to outside. */
const HOSTS: ReadonlySet<string> = new Set([
  "ai.google.dev",
  "aistudio.google.com",
  "ampcode.com",
  "aws.amazon.com",
  "craftinginterpreters.com",
  "doc.rust-lang.org",
  "github.com",
  "magazine.sebastianraschka.com",
  "man7.org",
  "ollama.com",
  "openrouter.ai",
  "platform.claude.com",
  "platform.openai.com",
  "www.rfc-editor.org",
]);

/** Each link of a page leads somewhere: to a file, a heading or lines that exist, or to a known host. */
export function links(repo: Repo, page: Page): Failure[] {
  return linksOf(page).flatMap(({ target, line }) => {
    const message = target.includes("://") ? wrongHost(target) : deadEnd(repo, page, target);
    return message ? [{ chapter: page.path, line, block: `link: ${target}`, message }] : [];
  });
}

function linksOf({ prose }: Page): { target: string; line: number }[] {
  const patterns =
    /\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)|\b(?:href|src|srcset)="([^"]+)"|<(https?:[^>]+)>|^\[[^\]]+\]: (\S+)/g;
  return prose.flatMap(({ text, line }) => {
    const plain = text.replaceAll(/`[^`]*`/g, (code) => "`".repeat(code.length));
    return [...plain.matchAll(patterns)].map((found) => ({
      target: found.slice(1).find(Boolean) ?? "",
      line,
    }));
  });
}

function wrongHost(target: string): string | undefined {
  const { protocol, host, pathname } = new URL(target);
  if (protocol !== "https:") return "Link with https.";
  if (!HOSTS.has(host)) return `${host} is not among the known hosts in packages/book/src/links.ts.`;
  if (/^\/[^/]+\/[^/]+\/(?:blob|tree)\/(?:main|master|dev|HEAD)\b/.test(pathname))
    return "It follows a branch: link to a tag or a commit.";
  return undefined;
}

function deadEnd(repo: Repo, page: Page, target: string): string | undefined {
  const [path = "", anchor] = decodeURI(target).split("#");
  const file = path ? posix.join(posix.dirname(page.path), path).replace(/\/$/, "") : page.path;
  const text = path ? repo.read(file) : page.lines.join("\n");
  if (text === undefined) {
    if (repo.list(file).length === 0) return `There is no ${file}.`;
    return anchor ? `${file} is a folder: it has no #${anchor}.` : undefined;
  }
  if (anchor === undefined) return undefined;
  const [, first, last = first] = /^L(\d+)(?:-L(\d+))?$/.exec(anchor) ?? [];
  const count = linesOf(text).length;
  if (first) return Number(last) <= count ? undefined : `${file} has ${count} lines.`;
  const anchors = anchorsOf(readPage(file, text));
  return anchors.includes(anchor)
    ? undefined
    : `${file} has no heading #${anchor}. It has: ${anchors.join(", ")}.`;
}

/** The anchors that GitHub gives a page's headings, and those that are kept of headings that it had. */
export function anchorsOf({ prose }: Page): string[] {
  const seen = new Map<string, number>();
  const kept = prose.flatMap(({ text }) => [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = ""]) => id));
  const headings = prose.flatMap(({ text }) => {
    const heading = /^#{1,6} +(.+?)\s*#*$/.exec(text)?.[1];
    if (!heading) return [];
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return [count > 0 ? `${slug}-${count}` : slug];
  });
  return [...headings, ...kept];
}
