import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DefaultTheme } from "vitepress";
import { PAGES } from "../../packages/book/src/pages.ts";
import { docsFolder } from "./phases.ts";

const REFERENCE = [
  "architecture",
  "check-your-agent",
  "agents",
  "providers",
  "security",
  "traces",
  "glossary",
  "references",
  "roadmap",
];

/** The chapters in their order, then what one looks up; a page that is not written yet is left out. */
export function sidebar(): DefaultTheme.SidebarItem[] {
  const place = (name: string) => PAGES.indexOf(`docs/${name}`);
  const chapters = readdirSync(docsFolder)
    .filter((name) => /^\d\d-.*\.md$/.test(name))
    .sort((a, b) => place(a) - place(b))
    .map((name) => name.replace(/\.md$/, ""));
  const reference = REFERENCE.filter((name) => existsSync(join(docsFolder, `${name}.md`)));
  return [
    { text: "The book", items: chapters.map(itemOf) },
    {
      text: "Reference",
      items: [
        ...reference.map(itemOf),
        { text: "Step by step", link: "/steps" },
        { text: "Phase diffs", link: "/diff" },
      ],
    },
  ];
}

function itemOf(name: string): DefaultTheme.SidebarItem {
  const text = readFileSync(join(docsFolder, `${name}.md`), "utf8");
  return { text: /^# (.+)$/m.exec(text)?.[1] ?? name, link: `/${name}` };
}
