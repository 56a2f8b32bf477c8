import { createCssVariablesTheme } from "shiki";
import { defineConfig } from "vitepress";
import { diffFiles } from "./diff.ts";
import { bookFences } from "./markdown/fences.ts";
import { sourceLinks } from "./markdown/links.ts";
import { sitePlaces } from "./markdown/places.ts";
import { githubSlug } from "./markdown/slug.ts";
import { fewTokens } from "./markdown/tokens.ts";
import { mermaidFiles } from "./mermaid.ts";
import { sidebar } from "./pages.ts";
import { REPOSITORY } from "./repository.ts";
import { searchBox } from "./search-box.ts";
import { servedFiles } from "./served-files.ts";
import { stepFiles } from "./steps.ts";
import { traceFiles } from "./traces.ts";

/** Colours of code are CSS variables, so that both themes share one page: theme/code.css. */
const codeTheme = createCssVariablesTheme({ name: "book", variablePrefix: "--code-", fontStyle: false });

const served = servedFiles({ ...mermaidFiles(), ...diffFiles(), ...stepFiles(), ...traceFiles() });

export default defineConfig({
  title: "Eightfold",
  description: "Build a coding agent in eight phases",
  lang: "en",
  cleanUrls: true,
  // Without this every page lays itself out twice when it starts, to keep colours from fading that do not change.
  appearance: { disableTransition: false },
  // `pnpm site:check` looks at every link and anchor of the built pages.
  ignoreDeadLinks: true,
  srcExclude: ["node_modules/**"],
  head: [["link", { rel: "icon", href: "/favicon.svg", type: "image/svg+xml" }]],
  transformHead({ assets }) {
    const serif = assets.find((file) => /source-serif-4-latin-wght-normal.*\.woff2$/.test(file));
    return serif
      ? [["link", { rel: "preload", href: serif, as: "font", type: "font/woff2", crossorigin: "" }]]
      : [];
  },
  vite: { plugins: [served, searchBox()], server: { host: "localhost" } },
  markdown: {
    theme: codeTheme,
    languageAlias: { mjs: "js" },
    codeTransformers: [fewTokens],
    image: { lazyLoading: true },
    attrs: { disable: true }, // GitHub shows `{#id}` as text, and so does the site
    anchor: { slugify: githubSlug },
    config(md) {
      md.use(bookFences).use(sourceLinks).use(sitePlaces);
    },
  },
  transformPageData({ relativePath, frontmatter }) {
    if (relativePath === "index.md") return { frontmatter: { ...frontmatter, ...wide, pageClass: "home" } };
    if (relativePath === "steps.md") return { frontmatter: { ...frontmatter, ...wide, pageClass: "steps" } };
    if (relativePath === "diff.md") return { frontmatter: { ...frontmatter, ...wide, pageClass: "diffs" } };
    if (relativePath === "agents.md") return { frontmatter: { ...frontmatter, pageClass: "agents" } };
    return {};
  },
  themeConfig: {
    logo: { src: "/favicon.svg", alt: "" },
    nav: [
      {
        text: "Book",
        link: "/00-what-an-agent-is",
        activeMatch: "^/(\\d\\d-|architecture|providers|security|glossary|references|roadmap)",
      },
      { text: "Steps", link: "/steps", activeMatch: "^/steps" },
      { text: "Diffs", link: "/diff", activeMatch: "^/diff" },
      { text: "Traces", link: "/traces", activeMatch: "^/traces" },
      { text: "Agents", link: "/agents", activeMatch: "^/(agents|check-your-agent)" },
      { text: "Source", link: REPOSITORY },
    ],
    sidebar: sidebar(),
    outline: { level: [2, 3], label: "On this page" },
    search: {
      provider: "local",
      options: {
        // Diffs and steps repeat the chapters' code, and home only says what the chapters explain.
        _render: (text, env, md) =>
          /^(?:diffs\/|(?:index|diff|steps)\.md)/.test(env.relativePath) ? "" : md.render(text, env),
        detailedView: true,
        miniSearch: {
          // `run_bash` is one word, and a section must have all the words.
          options: { tokenize: (text) => text.split(/[^\p{L}\p{N}_]+/u) },
          searchOptions: {
            combineWith: "AND",
            fuzzy: 0.1,
            prefix: true,
            boost: { title: 4, text: 2, titles: 1 },
          },
        },
      },
    },
  },
});

const wide = { sidebar: false, aside: false, prev: false, next: false, editLink: false, lastUpdated: false };
