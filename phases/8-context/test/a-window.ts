import type { View } from "../src/window/view.ts";
import { wholeLog } from "../src/window/view.ts";
import type { Window } from "../src/window/window.ts";

/** A window whose view is kept here, in the place of a session. */
export function openWindow(): Window & { readonly views: readonly View[] } {
  const views: View[] = [];
  const session = {
    get view() {
      return views.at(-1) ?? wholeLog;
    },
    append: (record: { readonly view: View }) => void views.push(record.view),
  };
  return { session, views };
}
