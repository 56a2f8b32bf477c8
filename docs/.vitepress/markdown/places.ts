import { existsSync } from "node:fs";
import { join } from "node:path";
import type { MarkdownRenderer } from "vitepress";
import { docsFolder, linesIn, type Phase, readPhases } from "../phases.ts";
import { readTraces, type TraceSummary } from "../traces.ts";
import { chapterLine } from "./chapter.ts";
import { escapeHtml } from "./escape.ts";
import { readStill, stillHtml } from "./still.ts";

const PLACE = /^<div data-site="(\w+)"(?: data-phase="(\d+)")?><\/div>\s*$/;

/**
 * What the site puts between the lines of a page: at `<div data-site="phases"></div>` the table of phases, at "ways" the ways
 * into the book, at "traces" the recorded runs, at `<div data-site="recording" data-phase="5"></div>` and below a chapter's title the recording of a phase.
 */
export function sitePlaces(md: MarkdownRenderer): void {
  md.renderer.rules.html_block = (tokens, index) => {
    const text = tokens[index]?.content ?? "";
    const [, name, phase] = PLACE.exec(text) ?? [];
    if (name === "phases") return phasesTable(readPhases());
    if (name === "ways") return WAYS;
    if (name === "traces") return tracesTable(readTraces());
    if (name === "recording") return recordingHtml(Number(phase), "open");
    return text;
  };
  const close = md.renderer.rules.heading_close;
  md.renderer.rules.heading_close = (tokens, index, options, env, self) => {
    const html = close?.(tokens, index, options, env, self) ?? self.renderToken(tokens, index, options);
    const chapter = Number(/^0([1-8])-/.exec(env.relativePath ?? "")?.[1]);
    if (tokens[index]?.tag === "h1") {
      const line = chapterLine(env.relativePath ?? "");
      return html + line + (chapter ? recordingHtml(chapter, "folded") : "");
    }
    const step = tokens[index]?.tag === "h2" && /^Step (\d+): /.exec(tokens[index - 1]?.content ?? "")?.[1];
    if (!chapter || !step) return html;
    return `${html}<p class="step-line"><a href="/steps#${chapter}.${step}">The whole program after this step</a></p>\n`;
  };
}

const WAYS = `<p class="ways"><a href="/00-what-an-agent-is">Read the book</a> <a href="/steps#1.1">Step through the code</a></p>\n`;

function recordingHtml(phase: number, shape: "open" | "folded"): string {
  if (!existsSync(join(docsFolder, `public/casts/${phase}.cast`))) return "";
  const still = readStill(phase);
  const player = `<SiteRecording :phase="${phase}" :seconds="${still.seconds}"${shape === "open" ? " plays-when-seen" : ""}><pre class="still" tabindex="0" v-pre><code>${stillHtml(still)}</code></pre></SiteRecording>`;
  if (shape === "open") return `${player}\n`;
  const summary = `<summary>Phase ${phase} at work <span class="length">${still.seconds} s</span></summary>`;
  return `<details class="watch">${summary}${player}</details>\n`;
}

function tracesTable(traces: readonly TraceSummary[]): string {
  const rows = traces.map(({ name, phase, provider, asked, requests }) => {
    const link = `<a href="/traces/${name}.html" target="_self">${escapeHtml(name)}</a>`;
    const words = asked.map((each) => escapeHtml(each)).join("<br>");
    return `<tr><td>${phase}</td><td>${link}</td><td>${words}</td><td>${requests}</td><td>${escapeHtml(provider)}</td></tr>`;
  });
  const head =
    "<tr><th><abbr title='Phase'>#</abbr></th><th>Trace</th><th>What was asked</th><th>Requests</th><th>Protocol</th></tr>";
  return `<table class="phases" tabindex="0"><thead>${head}</thead><tbody>${rows.join("")}</tbody></table>\n`;
}

function phasesTable(phases: readonly Phase[]): string {
  const sizes = phases.map(({ files }) => [...files.values()].reduce((sum, text) => sum + linesIn(text), 0));
  const rows = phases.map(({ number, folder, title, summary, chapter }, at) => {
    const lines = sizes[at] ?? 0;
    const share = Math.round((100 * lines) / Math.max(...sizes));
    const name = escapeHtml(title);
    const link = chapter ? `<a href="${chapter}">${name}</a>` : name;
    const diff = `<a href="/diff#${number - 1}-${number}" title="What phases/${folder} changes">diff</a>`;
    return `<tr><td>${number}</td><td>${link}</td><td>${escapeHtml(summary)}</td><td class="lines"><i style="width: ${share}%"></i><span>${lines}</span></td><td>${diff}</td></tr>`;
  });
  const head =
    "<tr><th><abbr title='Phase'>#</abbr></th><th>Phase</th><th>What it adds</th><th>Lines</th><th>Code</th></tr>";
  return `<table class="phases" tabindex="0"><thead>${head}</thead><tbody>${rows.join("")}</tbody></table>\n`;
}
