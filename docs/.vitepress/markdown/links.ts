import { posix } from "node:path";
import type { MarkdownRenderer } from "vitepress";
import { sourceUrl } from "../repository.ts";

/** Links that leave docs/ lead to the phase diff page, or to the file on GitHub; those to a trace to its page. */
export function sourceLinks(md: MarkdownRenderer): void {
  md.core.ruler.push("source-links", ({ tokens, env }) => {
    for (const { children } of tokens) {
      for (const token of children ?? []) {
        const href = token.type === "link_open" && token.attrGet("href");
        const target = href && targetOf(href, env.relativePath ?? "");
        if (target) token.attrSet("href", target);
        // Such a page is no part of the site's app, whose router leaves links with a target alone.
        if (target && isTracePage(target)) token.attrSet("target", "_self");
      }
    }
  });
}

const isTracePage = (target: string) => target.startsWith("/traces/");

/** `href` as it stands in the page `docs/${page}`, for the site. */
export function targetOf(href: string, page: string): string {
  if (/^(?:[a-z]+:|#|\/)/.test(href)) return href;
  const [link = "", anchor] = href.split("#");
  const path = posix.join("docs", posix.dirname(page), link).replace(/\/$/, "");
  if (path === "docs/diffs") return "/diff";
  const [, trace] = /^docs\/traces\/(.+)\.jsonl$/.exec(path) ?? [];
  if (trace) return `/traces/${trace}.html`;
  const isPage = path === "docs" || (path.startsWith("docs/") && /^\.?(?:md)?$/.test(posix.extname(path)));
  if (isPage) return href;
  return diffOf(path, anchor) ?? sourceUrl(path, anchor ? `#${anchor}` : "");
}

/** `phases/5-shell/src/agent.ts`, lines 12 to 20, is `/diff#4-5/src/agent.ts:12-20`. */
function diffOf(path: string, anchor = ""): string | undefined {
  const [, number, file] = /^phases\/(\d+)-[^/]+(?:\/(src\/.+\.ts))?$/.exec(path) ?? [];
  if (!number) return undefined;
  const pair = `/diff#${Number(number) - 1}-${number}`;
  if (!file) return pair;
  const [, first, last = first] = /^L(\d+)(?:-L(\d+))?$/.exec(anchor) ?? [];
  return `${pair}/${file}${first ? `:${first}-${last}` : ""}`;
}
