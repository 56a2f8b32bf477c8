import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const PLACES = [
  process.env.CHROMIUM ?? "",
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the Chromium of this machine. An Error says where it was looked for. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = PLACES.find((place) => place && existsSync(place));
  if (!executablePath) {
    throw new Error(
      `There is no Chromium at ${PLACES.filter(Boolean).join(", ")}. Set CHROMIUM to its path.`,
    );
  }
  return chromium.launch({ executablePath, args: FLAGS });
}

export interface View {
  readonly name: string;
  /** Whether 110 columns of code fit. */
  readonly isWide: boolean;
  readonly options: BrowserContextOptions;
}

/** The two windows that every page is looked at in. */
export const views: readonly View[] = [
  {
    name: "light at 1280",
    isWide: true,
    options: { viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  },
  {
    name: "dark at 390",
    isWide: false,
    options: { viewport: { width: 390, height: 844 }, colorScheme: "dark", hasTouch: true },
  },
];

/** Collects what a page says on its console and asks of other machines, as sentences. */
export function watch(page: Page, site: string, wrong: string[], where: () => string): void {
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning")
      wrong.push(`${where()}: console: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`${where()}: ${error.message}`));
  page.on("response", (response) => {
    const isMissing = response.status() >= 400 && !response.url().endsWith("/404");
    if (isMissing) wrong.push(`${where()}: ${response.status()} for ${response.url().slice(site.length)}`);
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${site}/`) && !/^(?:data|blob):/.test(url))
      wrong.push(`${where()}: asks for ${url}`);
  });
}
