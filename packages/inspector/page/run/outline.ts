/** A request in a few numbers: kept for each step of a run, where its parts would take too much memory. */
import { breakOf } from "./break.ts";
import { settingChanges, sharedParts } from "./delta.ts";
import { type Category, categories, type Layout, layoutOf, type Part } from "./parts.ts";

export interface Outline {
  /** Characters of the prompt by what they are. */
  readonly sizes: Readonly<Record<Category, number>>;
  /** With which the request before begins too. */
  readonly same: number;
  /** Not in the request before at that place: everything that a cache cannot know. */
  readonly fresh: number;
  /** Absent when this request begins with the whole prompt of the one before. */
  readonly broken?: { readonly kind: string; readonly cause: string; readonly path: string };
  /** The body is of no known dialect: it is shown as it is. */
  readonly isUnknown?: true;
}

/** @param before the request before; none for the first of a lane */
export function outlineOf(
  before: Layout | undefined,
  body: string,
): { outline: Outline; layout: Layout | undefined } {
  const layout = layoutOf(body, before);
  if (!layout) return { outline: { sizes: noSizes(), same: 0, fresh: body.length, isUnknown: true }, layout };
  const isPrompt = ({ category }: Part) => category !== undefined;
  const [old, prompt] = [before?.parts.filter(isPrompt) ?? [], layout.parts.filter(isPrompt)];
  const shared = sharedParts(old, prompt);
  const rest = { before: old.slice(shared), after: prompt.slice(shared) };
  const found = breakOf({ ...rest, settings: settingChanges(before?.parts ?? [], layout.parts), body });
  const outline = {
    sizes: sizesOf(prompt),
    same: lengthOf(prompt.slice(0, shared)),
    fresh: lengthOf(rest.after),
    ...(found && { broken: { kind: found.kind, cause: found.cause, path: found.path } }),
  };
  return { outline, layout };
}

function noSizes(): Record<Category, number> {
  return { system: 0, tools: 0, history: 0, results: 0, summary: 0 };
}

function sizesOf(prompt: readonly Part[]): Record<Category, number> {
  const sizes = noSizes();
  for (const { category, text } of prompt) if (category) sizes[category] += text.length;
  return sizes;
}

function lengthOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { text }) => sum + text.length, 0);
}

/** The tokens that each category takes: the provider's count, or else an estimate, shared out by length. */
export function tokensOf({ sizes }: Outline, counted: number | undefined): Record<Category, number> {
  const whole = categories.reduce((sum, category) => sum + sizes[category], 0);
  const perCharacter = counted !== undefined && whole > 0 ? counted / whole : 1 / 4;
  const tokens = categories.map((category) => [category, sizes[category] * perCharacter]);
  return Object.fromEntries(tokens) as Record<Category, number>;
}
