/** The last request in a few words, for `/wire`. */
import { recent, sharedStart } from "./requests.ts";

/** What the last request had that the one before had not, how long it was, and what the provider knew of it, as Markdown. */
export function describeLastRequest(): string {
  const { last, before, usage } = recent;
  if (last === "") return "Nothing was sent yet.";
  const shared = sharedStart(before, last);
  const [items, known] = [itemsOf(last), itemsOf(before).map((item) => JSON.stringify(item))];
  const same = items.findIndex((item, index) => JSON.stringify(item) !== known[index]);
  const added = same < 0 ? [] : items.slice(same);
  const news = added.map(nameOf).join(", ") || "nothing";
  const size = `${count(bytes(last))} bytes, to ${URL.parse(recent.url)?.host || recent.url}`;
  const kept =
    before === ""
      ? ""
      : `, of which the first ${count(bytes(last.slice(0, shared)))} are those of the one before`;
  return [`- new: ${news}`, `- size: ${size}${kept}`, `- cached: ${cachedIn(usage)}`].join("\n");
}

function cachedIn(usage: typeof recent.usage): string {
  const { input, cached } = usage ?? {};
  if (input === undefined) return "the provider has not counted it";
  if (cached === undefined) return `of ${count(input)} tokens the provider does not say how many`;
  return `${count(cached)} of ${count(input)} tokens`;
}

const bytes = (text: string): number => Buffer.byteLength(text);
const count = (number: number): string => number.toLocaleString("en");

/** The messages of a request, whichever provider's words it is in. */
function itemsOf(body: string): unknown[] {
  if (body === "") return [];
  const request: Readonly<Record<string, unknown>> = JSON.parse(body);
  return [request.messages ?? request.input ?? request.contents ?? []].flat();
}

function nameOf(item: unknown): string {
  const { role, type, parts } = item as { role?: string; type?: string; parts?: readonly object[] };
  const isResult = parts?.some((part) => "functionResponse" in part);
  const name = isResult ? "tool" : (role ?? type ?? "message");
  return `${name.replaceAll("_", " ")} (${count(bytes(JSON.stringify(item)))} bytes)`;
}
