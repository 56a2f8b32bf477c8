/** What this page uses of mermaid's script. */
interface Mermaid {
  initialize(options: object): void;
  render(id: string, source: string): Promise<{ svg: string }>;
}

declare global {
  var mermaid: Mermaid | undefined;
}

let loading: Promise<Mermaid> | undefined;

/** Draws each diagram of the page in the colours of the theme. The script comes from this site, and only when needed. */
export async function drawDiagrams(script: string, isDark: boolean): Promise<void> {
  const figures = [...document.querySelectorAll<HTMLElement>("figure.diagram")];
  if (figures.length === 0) return;
  loading ??= loadMermaid(script);
  const mermaid = await loading;
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    look: "classic",
    theme: "base",
    themeVariables: {
      ...(isDark ? DARK : LIGHT),
      fontFamily: getComputedStyle(document.body).fontFamily,
      fontSize: "16px",
    },
  });
  for (const [index, figure] of figures.entries()) {
    const source = figure.querySelector("code")?.textContent ?? "";
    const { svg } = await mermaid.render(`diagram-${index}`, source);
    const drawing = figure.querySelector(".drawing") ?? figure.appendChild(document.createElement("div"));
    drawing.className = "drawing";
    drawing.innerHTML = svg;
    drawing.setAttribute("tabindex", "0");
    keepReadable(drawing.querySelector("svg"));
    figure.classList.add("drawn");
  }
}

/** A wide drawing shrinks to the width of a page; in a narrower window it scrolls. */
function keepReadable(svg: SVGSVGElement | null): void {
  if (svg) svg.style.minWidth = `${Math.min(svg.viewBox.baseVal.width, 660)}px`;
}

function loadMermaid(address: string): Promise<Mermaid> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () =>
      globalThis.mermaid ? resolve(globalThis.mermaid) : reject(new Error("mermaid is empty"));
    script.onerror = () => reject(new Error(`${address} did not load`));
    document.head.append(script);
  });
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
