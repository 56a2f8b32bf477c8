import { type Event, WIDTH } from "./cast.ts";

/** What a picture of a terminal shows: a line, and the second at which it is there. */
interface Shown {
  readonly html: string;
  readonly at: number;
}

const ROWS = 24;
const LETTER = 8.4;
const LINE = 19;
const MARGIN = 20;
const HOLD = 8;
const ESCAPE = "\u001b";
const STYLE = new RegExp(`${ESCAPE}\\[([\\d;]*)m`);

const FILL: Readonly<Record<string, string>> = {
  2: "#a09f98",
  31: "#f0918a",
  32: "#9ccf8e",
  33: "#e3c078",
  36: "#7fc8c8",
};

/**
 * A recording as one picture that moves: self-contained, its own dark paper, line by line, and then from the start. For
 * those who want no motion it is the last screen.
 */
export function svgOf(events: readonly Event[], title: string): string {
  const lines = linesOf(events);
  const total = (events.at(-1)?.[0] ?? 0) + HOLD;
  const percent = (seconds: number) => `${((seconds / total) * 100).toFixed(2)}%`;
  const height = ROWS * LINE + 2 * MARGIN;
  const width = Math.round(WIDTH * LETTER + 2 * MARGIN);
  const frames = lines.map(({ at }, index) => appear(`l${index}`, percent(at)));
  const scrolled = lines
    .slice(ROWS)
    .map(({ at }, index) => `${percent(at)}{transform:translateY(${-(index + 1) * LINE}px)}`);
  const last = Math.max(0, lines.length - ROWS) * LINE;
  const text = lines.map(({ html }, index) => {
    const y = MARGIN + index * LINE + 14;
    return html && `<text class="l${index}" x="${MARGIN}" y="${y}">${html}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">
<style>
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#e4e3de;white-space:pre}
.b{font-weight:700}
.screen{transform:translateY(${-last}px)}
@media (prefers-reduced-motion:no-preference){
text{animation:${total.toFixed(1)}s step-end infinite}
.screen{animation:scroll ${total.toFixed(1)}s step-end infinite}
${frames.join("\n")}
@keyframes scroll{0%{transform:none}${scrolled.join("")}}
}
</style>
<rect width="${width}" height="${height}" rx="8" fill="#1d1e20"/>
<clipPath id="window"><rect y="${MARGIN}" width="${width}" height="${ROWS * LINE}"/></clipPath>
<g clip-path="url(#window)"><g class="screen">
${text.filter(Boolean).join("\n")}
</g></g>
</svg>
`;
}

function appear(name: string, at: string): string {
  return `.${name}{animation-name:${name}}@keyframes ${name}{0%{opacity:0}${at}{opacity:1}}`;
}

function linesOf(events: readonly Event[]): Shown[] {
  const lines: Shown[] = [];
  let text = "";
  let at: number | undefined;
  for (const [seconds, data] of events) {
    at ??= seconds;
    text = (text + data).split("\r\u001b[2K").at(-1) ?? "";
    if (!data.endsWith("\n")) continue;
    lines.push({ html: lineOf(text.trimEnd()), at });
    text = "";
    at = undefined;
  }
  return lines;
}

/** Each run at its own column, so that any font keeps the grid. */
function lineOf(line: string): string {
  let column = 0;
  const parts = line.split(STYLE);
  const spans = parts.map((text, index) => {
    if (index % 2 === 1 || !text) return "";
    const codes = (parts[index - 1] ?? "").split(";");
    const x = (MARGIN + column * LETTER).toFixed(1);
    column += text.length;
    const fill = codes.map((code) => FILL[code]).find(Boolean);
    const style = `${fill ? ` fill="${fill}"` : ""}${codes.includes("1") ? ' class="b"' : ""}`;
    return (
      text.trim() &&
      `<tspan x="${x}" textLength="${(text.length * LETTER).toFixed(1)}"${style}>${escaped(text)}</tspan>`
    );
  });
  return spans.join("");
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
