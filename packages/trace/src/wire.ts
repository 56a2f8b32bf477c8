/** The last request in three lines, for `/wire`. */
import { recent, sharedStart } from "./requests.ts";

/** What the last request had that the one before had not, how long it was, and what the provider had cached: as Markdown. */
export function describeLastRequest(): string {
  const { last, before, url, usage } = recent;
  if (last === "") return "Nothing was sent yet.";
  const host = URL.parse(url)?.host || url;
  const same = Buffer.byteLength(last.slice(0, sharedStart(before, last)));
  const begins = before === "" ? "" : `; it begins with ${count(same)} bytes of the one before`;
  const lines = [
    news(before, last),
    `${count(Buffer.byteLength(last))} bytes to ${host}${begins}`,
    cachedIn(usage),
  ];
  return ["new", "size", "cached"].map((name, index) => `- ${name}: ${lines[index]}`).join("\n");
}

/** The messages that were added, and what else is not as it was: that is what breaks a provider's cache. */
function news(before: string, last: string): string {
  const [old, now] = [partsOf(before), partsOf(last)];
  const at = now.messages.findIndex((message, index) => message !== old.messages[index]);
  const added = at < 0 ? [] : now.messages.slice(at).map(nameOf);
  const changed = Object.keys(now.others).filter((name) => old.others[name] !== now.others[name]);
  const isBroken = at >= 0 && at < old.messages.length;
  return [
    added.join(", ") || "no message",
    ...(isBroken ? [`instead of those from message ${at + 1} on`] : []),
    ...(before !== "" && changed.length > 0 ? [`changed: ${changed.join(", ")}`] : []),
  ].join("; ");
}

/** A request, whichever provider's words it is in: its messages, and all else by name. */
function partsOf(body: string) {
  const request: Readonly<Record<string, unknown>> = JSON.parse(body || "{}");
  const { messages, input, contents, ...others } = request;
  return {
    messages: [messages ?? input ?? contents ?? []].flat().map((message) => JSON.stringify(message)),
    others: Object.fromEntries(Object.entries(others).map(([name, value]) => [name, JSON.stringify(value)])),
  };
}

function nameOf(message: string): string {
  const { role, type, parts } = JSON.parse(message);
  const isResult = Array.isArray(parts) && parts.some((part) => part.functionResponse);
  const name = isResult ? "tool" : String(role ?? type ?? "message").replaceAll("_", " ");
  return `${name} (${count(Buffer.byteLength(message))} bytes)`;
}

function cachedIn(usage: typeof recent.usage): string {
  const { input, cached } = usage ?? {};
  if (input === undefined) return "the provider has not counted the request";
  if (cached === undefined) return `the provider does not say how many of the ${count(input)} tokens`;
  return `${count(cached)} of ${count(input)} tokens`;
}

const count = (number: number): string => number.toLocaleString("en");
