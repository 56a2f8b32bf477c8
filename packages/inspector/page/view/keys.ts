/** The page's keys: j and k go through the rows, n to the next new request, b to the next break, digits to the tabs. */
import type { Row } from "../run/run.ts";
import { type Tab, tabs } from "./tabs.ts";

export interface KeyAction {
  readonly row?: Row | undefined;
  readonly tab?: Tab | undefined;
}

/** Undefined for keys that mean something else: in a field, or together with Ctrl. */
export function keyAction(
  event: KeyboardEvent,
  rows: readonly Row[],
  row: Row | undefined,
): KeyAction | undefined {
  const { target, key, ctrlKey, metaKey, altKey } = event;
  if (ctrlKey || metaKey || altKey) return undefined;
  if (target instanceof Element && target.closest("input, textarea, select, [role=slider]")) return undefined;
  const at = row ? rows.indexOf(row) : -1;
  const isShown = (each: Row) => each.kind === "step" || each.kind === "call";
  const after = (is: (each: Row) => boolean) => rows.slice(at + 1).find(is);
  switch (key) {
    case "j":
      return { row: after(isShown) };
    case "k":
      return { row: rows.slice(0, Math.max(0, at)).findLast(isShown) };
    case "n":
      return { row: after((each) => each.kind === "step" && each.outline.fresh > 0), tab: "new" };
    case "b":
      return { row: after((each) => each.kind === "step" && each.outline.broken !== undefined), tab: "new" };
    default:
      return { tab: tabs[Number(key) - 1]?.name };
  }
}
