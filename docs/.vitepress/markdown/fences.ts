import type { MarkdownRenderer } from "vitepress";
import { escapeHtml } from "./escape.ts";

/** How the book's special fences look: diffs as coloured code, terminals with their commands, diagrams as figures. */
export function bookFences(md: MarkdownRenderer): void {
  const highlight = md.options.highlight;
  if (!highlight) return;
  md.options.highlight = (code, lang, attrs) => {
    if (lang === "diff") return diffHtml(code, (text) => highlight(text, "ts", attrs) ?? "");
    if (lang === "console") return consoleHtml(code);
    return highlight(code, lang, attrs);
  };
  const fence = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, index, options, env, self) => {
    const token = tokens[index];
    if (token?.info.trim() === "mermaid") return diagramHtml(token.content);
    const html = fence?.(tokens, index, options, env, self) ?? "";
    // How high it will be, so that its layout can wait until it is near: theme/code.css.
    const lines = token?.content.trimEnd().split("\n").length;
    return html.replace(/^<div class="language-/, `<div style="--lines: ${lines}" class="language-`);
  };
}

const MARKS: Readonly<Record<string, string>> = { "+": "diff add", "-": "diff remove" };

/**
 * Each line highlighted as TypeScript, with its sign moved into a class: what is copied is the new code. What was and what is
 * are coloured apart, because a string that only one of them opens would colour the other's lines.
 */
function diffHtml(code: string, highlight: (text: string) => string): string {
  const lines = code.trimEnd().split("\n");
  const isPlace = (line: string) => line.startsWith("@@");
  const side = (gone: string) => {
    const here = lines.map((line) => isPlace(line) || !line.startsWith(gone));
    const html = highlight(
      lines.map((line, at) => (!isPlace(line) && here[at] ? line.slice(1) : "")).join("\n"),
    );
    const [head = "", ...rest] = html.split('<span class="line">');
    return { head, rest: rest.map((each) => each.replace(/<\/span>\n?(?:<\/code>[\s\S]*)?$/, "")) };
  };
  const [was, is] = [side("+"), side("-")];
  const marked = lines.map((line, at) => {
    if (isPlace(line)) return `<span class="line diff place vp-copy-ignore">${escapeHtml(line)}</span>`;
    const mark = MARKS[line.charAt(0)];
    return `<span class="line${mark ? ` ${mark}` : ""}">${(line.startsWith("-") ? was : is).rest[at] ?? ""}</span>`;
  });
  return `${is.head.replace('class="shiki', 'class="with-signs shiki')}${marked.join("\n")}</code></pre>`;
}

/** Commands stand out, and they alone are copied. */
function consoleHtml(code: string): string {
  const parts = code
    .trimEnd()
    .split(/^(?=\$ )|(?<=^\$ .*\n)/m)
    .map((part) =>
      part.startsWith("$ ")
        ? `<span class="vp-copy-ignore prompt">$ </span><span class="command">${escapeHtml(part.slice(2))}</span>`
        : `<span class="vp-copy-ignore">${consoleOutput(part)}</span>`,
    );
  return `<pre class="shiki vp-code terminal" tabindex="0" v-pre><code>${parts.join("")}</code></pre>`;
}

const TOOL_LINE = /^• (\w+)(.*)$/gm;

function consoleOutput(text: string): string {
  return escapeHtml(text).replaceAll(TOOL_LINE, '<span class="bullet">•</span> <b>$1</b>$2');
}

/** The source of a diagram, to read as it is or to be drawn by the page's script. */
function diagramHtml(source: string): string {
  return `<figure class="diagram" v-pre><pre tabindex="0"><code>${escapeHtml(source.trimEnd())}</code></pre></figure>\n`;
}
