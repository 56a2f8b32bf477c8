import { existsSync } from "node:fs";
import { join } from "node:path";
import type { MarkdownRenderer } from "vitepress";
import { docsFolder, linesIn, type Phase, readPhases } from "../phases.ts";
import { escapeHtml } from "./escape.ts";
import { readStill, stillHtml } from "./still.ts";

const PLACE = /^<div data-site="(\w+)"(?: data-phase="(\d+)")?><\/div>\s*$/;

/**
 * What the site puts between the lines of a page: at `<div data-site="phases"></div>` the table of phases, at
 * `<div data-site="recording" data-phase="5"></div>` and below a chapter's title the recording of a phase.
 */
export function sitePlaces(md: MarkdownRenderer): void {
  md.renderer.rules.html_block = (tokens, index) => {
    const text = tokens[index]?.content ?? "";
    const [, name, phase] = PLACE.exec(text) ?? [];
    if (name === "phases") return phasesTable(readPhases());
    if (name === "recording") return recordingHtml(Number(phase), "open");
    return text;
  };
  const close = md.renderer.rules.heading_close;
  md.renderer.rules.heading_close = (tokens, index, options, env, self) => {
    const html = close?.(tokens, index, options, env, self) ?? self.renderToken(tokens, index, options);
    const chapter = /^0([1-8])-/.exec(env.relativePath ?? "")?.[1];
    return tokens[index]?.tag === "h1" && chapter ? html + recordingHtml(Number(chapter), "folded") : html;
  };
}

function recordingHtml(phase: number, shape: "open" | "folded"): string {
  if (!existsSync(join(docsFolder, `public/casts/${phase}.cast`))) return "";
  const still = readStill(phase);
  const player = `<SiteRecording :phase="${phase}" :seconds="${still.seconds}"><pre class="still" tabindex="0" v-pre><code>${stillHtml(still)}</code></pre></SiteRecording>`;
  if (shape === "open") return `${player}\n`;
  const summary = `<summary>Phase ${phase} at work <span class="length">${still.seconds} s</span></summary>`;
  return `<details class="watch">${summary}${player}</details>\n`;
}

function phasesTable(phases: readonly Phase[]): string {
  const rows = phases.map(({ number, folder, title, summary, chapter, files }) => {
    const lines = [...files.values()].reduce((sum, text) => sum + linesIn(text), 0);
    const name = escapeHtml(title);
    const link = chapter ? `<a href="${chapter}">${name}</a>` : name;
    const diff = `<a href="/diff#${number - 1}-${number}" title="What phases/${folder} changes">diff</a>`;
    return `<tr><td>${number}</td><td>${link}</td><td>${escapeHtml(summary)}</td><td>${lines}</td><td>${diff}</td></tr>`;
  });
  const head =
    "<tr><th><abbr title='Phase'>#</abbr></th><th>Phase</th><th>What it adds</th><th>Lines</th><th>Code</th></tr>";
  return `<table class="phases" tabindex="0"><thead>${head}</thead><tbody>${rows.join("")}</tbody></table>\n`;
}
