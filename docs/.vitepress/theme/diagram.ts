/** What this page uses of mermaid's script. */
interface Mermaid {
  initialize(options: object): void;
  render(id: string, source: string): Promise<{ svg: string }>;
}

/** How far below the window a diagram is when it is drawn, so that it is there before it is seen. */
const AHEAD = "200px 0px";

let watching: IntersectionObserver | undefined;

/**
 * Draws the diagrams of the page in the colours of the theme, each when it comes near: the script is larger than all else on
 * the page, and most readers begin at the top. It comes from this site.
 */
export function drawDiagrams(script: string, isDark: boolean): void {
  watching?.disconnect();
  const figures = [...document.querySelectorAll("figure.diagram")];
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        const index = figures.indexOf(target);
        const figure = figures[index];
        if (!isIntersecting || !figure) continue;
        observer.unobserve(target);
        // One after the other: mermaid has one set of colours.
        drawn = drawn.then(() => drawFigure(figure, script, isDark, `diagram-${index}`)).catch(console.error);
      }
    },
    { rootMargin: AHEAD },
  );
  for (const figure of figures) observer.observe(figure);
  watching = observer;
}

let drawn: Promise<void> = Promise.resolve();

async function drawFigure(figure: Element, script: string, isDark: boolean, id: string): Promise<void> {
  const { default: mermaid }: { default: Mermaid } = await import(/* @vite-ignore */ script);
  const source = figure.querySelector("code")?.textContent ?? "";
  const drawing =
    figure.querySelector<HTMLElement>(".drawing") ?? figure.appendChild(document.createElement("div"));
  drawing.className = "drawing";
  drawing.setAttribute("tabindex", "0");
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    look: "classic",
    layout: "dagre", // else it loads ELK, which is larger than all the rest
    theme: "base",
    ...(drawing.clientWidth < NARROW ? narrow(drawing.clientWidth, source) : WIDE),
    themeVariables: {
      ...(isDark ? DARK : LIGHT),
      fontFamily: getComputedStyle(document.body).fontFamily,
      fontSize: "16px",
    },
  });
  await drawInto(drawing, mermaid, source, id);
  figure.classList.add("drawn");
}

/** Draws a flowchart as it is written or turned by a quarter, whichever is larger in the room that there is. */
async function drawInto(drawing: HTMLElement, mermaid: Mermaid, source: string, id: string): Promise<void> {
  const turned = source.replace(/^flowchart (LR|TD)/, (_, way) => `flowchart ${way === "LR" ? "TD" : "LR"}`);
  let best = { svg: "", scale: 0, width: 0 };
  for (const text of new Set([source, turned])) {
    const { svg } = await mermaid.render(id, text);
    const [, width = 1, height = 1] = (/viewBox="\S+ \S+ (\S+) (\S+)"/.exec(svg) ?? []).map(Number);
    const scale = Math.min(1, drawing.clientWidth / width, (0.78 * innerHeight) / height);
    // As it is written, unless the other way is clearly larger.
    if (scale > best.scale * 1.15) best = { svg, scale, width };
  }
  drawing.innerHTML = best.svg;
  const drawn = drawing.querySelector("svg");
  if (!drawn) return;
  drawn.style.maxWidth = "none"; // mermaid sets another
  drawn.style.width = `${Math.round(best.width * Math.max(best.scale, SMALLEST))}px`;
}

/** Smaller than this its words cannot be read: it scrolls instead. */
const SMALLEST = 0.65;

const TITLES = { subGraphTitleMargin: { top: 4, bottom: 14 } };

const WIDE = {
  flowchart: { nodeSpacing: 26, rankSpacing: 34, padding: 10, ...TITLES },
  sequence: {
    actorMargin: 32,
    messageMargin: 28,
    boxMargin: 6,
    width: 120,
    height: 44,
    mirrorActors: false,
  },
};

/** Narrower than this, words wrap, so that a diagram has the width of a phone. */
const NARROW = 560;

function narrow(room: number, source: string): object {
  const actors = source.match(/^\s*participant /gm)?.length ?? 1;
  const width = actors > 2 ? 96 : 130;
  return {
    // 120 is mermaid's smallest node: a label that wraps before that stands beside its middle.
    flowchart: { nodeSpacing: 14, rankSpacing: 24, padding: 6, wrappingWidth: 120, ...TITLES },
    sequence: {
      ...WIDE.sequence,
      width,
      diagramMarginX: 0,
      actorMargin: Math.max(16, Math.floor(room / actors) - width),
      wrap: true,
    },
  };
}

const LIGHT = {
  background: "#fdfdfb",
  primaryColor: "#f3f2ec",
  primaryBorderColor: "#8d8a7c",
  primaryTextColor: "#23221e",
  lineColor: "#6b685d",
  textColor: "#23221e",
  edgeLabelBackground: "#fdfdfb",
  clusterBkg: "#faf9f4",
  clusterBorder: "#c9c6b8",
  noteBkgColor: "#f3f2ec",
  noteTextColor: "#23221e",
};

const DARK = {
  darkMode: true,
  background: "#191a1c",
  primaryColor: "#26282b",
  primaryBorderColor: "#7d8188",
  primaryTextColor: "#e4e3de",
  lineColor: "#9b9ea4",
  textColor: "#e4e3de",
  edgeLabelBackground: "#191a1c",
  clusterBkg: "#1f2123",
  clusterBorder: "#44474c",
  noteBkgColor: "#26282b",
  noteTextColor: "#e4e3de",
};
