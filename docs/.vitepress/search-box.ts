import type { Plugin } from "vitepress";

/** What the theme's search box says to screen readers, and what it is: a dialog with a list of links. */
const MENDED: readonly (readonly [text: string, instead: string])[] = [
  ['role="button"', 'role="dialog"'],
  [`:aria-owns="results?.length ? 'localsearch-list' : undefined"`, ""],
  ['aria-expanded="true"', ""],
  ['aria-haspopup="listbox"', ""],
  [`:aria-activedescendant="selectedIndex > -1 ? ('localsearch-item-' + selectedIndex) : undefined"`, ""],
  [`:role="results?.length ? 'listbox' : undefined"`, ""],
  [`:aria-selected="selectedIndex === index ? 'true' : 'false'"`, ""],
  ['role="option"', ""],
  ["<kbd :aria-label", '<kbd role="img" :aria-label'],
  [`:aria-label="[...p.titles, p.title].join(' > ')"`, ""],
];

/** Mends VitePress 1.6's search box: links inside options of a list box inside a button are out of reach for many. */
export function searchBox(): Plugin {
  return {
    name: "search-box",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith("/VPLocalSearchBox.vue")) return undefined;
      return MENDED.reduce((text, [old, instead]) => {
        if (!text.includes(old))
          this.error(`VPLocalSearchBox.vue has no ${old} any more: see if it still needs mending.`);
        return text.replaceAll(old, instead);
      }, code);
    },
  };
}
