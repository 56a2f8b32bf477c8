/** What must never be in a trace: keys, wherever they turn up. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import querystring from "node:querystring";
import { parseEnv } from "node:util";

/** Placeholders for keys are short, or words of everyday text. */
const SHORTEST = 8;

/** Some servers quote the half of a key. So much of one is no other word. */
const BEGINNING = 12;

/** What matches nothing. */
const NOTHING = "(?!)";

/** As far as a quoted beginning goes. */
const REST = "[\\w+/=%~\\x80-\\uffff-]";

/** In small letters. */
const forms = new Set<string>();
let patterns: ReturnType<typeof patternsOf> | undefined;

/** From now on, these are asterisks in the trace: as they are, in JSON, in a URL and in base64. */
export function hideInTraces(secrets: readonly string[]): void {
  const known = secrets.filter(({ length }) => length >= SHORTEST);
  for (const form of known.flatMap(formsOf)) forms.add(form.toLowerCase());
  patterns = undefined;
}

/** What a secret looks like, or the beginning of one that is enough to know it by; and how one may begin. */
function patternsOf() {
  const escaped = (text = "") => text.replace(/\W/g, "\\$&");
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  // A file or an address begins as others do.
  const known = longestFirst.filter((form) => !/^[~.]*\/|^\w+:/.test(form));
  const beginnings = new Set(known.map((form) => `${escaped(form.slice(0, BEGINNING))}${REST}*`));
  const starts = new Set(longestFirst.map(([one, two]) => `${escaped(one)}(?:${escaped(two)}|$)`));
  return {
    longestFirst,
    secret: new RegExp([...longestFirst.map(escaped), ...beginnings].join("|") || NOTHING, "gi"),
    start: new RegExp([...starts].join("|") || NOTHING, "i"),
  };
}

/** Made again when there are more secrets. */
const patternsNow = () => (patterns ??= patternsOf());

/** Whether a secret may begin in a text of JSON. */
export function mayBegin(text: string): boolean {
  return text.includes("\\") || patternsNow().start.test(text);
}

/** Where secrets are in a text, and which of its last letters may be of one that goes on. */
export function findSecrets(text: string) {
  const { longestFirst, secret } = patternsNow();
  const longest = longestFirst[0]?.length ?? 0;
  const found = Array.from(text.matchAll(secret), ({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
  }));
  const last = found.findLast(({ end }) => end === text.length)?.start ?? text.length;
  // What is longer than any secret is known by its beginning alone.
  if (text.length - last > longest) return { found, open: { start: last, end: last + BEGINNING } };
  const small = text.toLowerCase();
  let start = Math.max(0, text.length - longest);
  while (start < last && !longestFirst.some((form) => form.startsWith(small.slice(start)))) start++;
  return { found, open: { start, end: text.length } };
}

/** The secrets in an environment: by the names of variables, and what addresses and headers hold. */
export function hideSecretsOf(env: Readonly<Record<string, string | undefined>>): void {
  hideInTraces(Object.entries(env).flatMap(([name, value = ""]) => secretsIn(name, value)));
}

/**
 * The secrets in the `.env` files of a folder, which a request or a result can quote. In somebody else's folder, such a file may be a
 * pipe or a link to a device, and reading that would never end.
 */
export function hideSecretsIn(folder: string): void {
  const names = ifReadable(() => readdirSync(folder)) ?? [];
  for (const name of names.filter((each) => /^\.env\b/.test(each))) {
    const file = join(folder, name);
    const text = ifReadable(() => (statSync(file).isFile() ? readFileSync(file, "utf8") : "")) ?? "";
    hideSecretsOf(parseEnv(text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n")));
  }
}

/** What the agent cannot read either is in no trace. */
function ifReadable<Read>(read: () => Read): Read | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const SECRET_NAME =
  /((key|token|secret|password|passphrase|passwd|credential|cookie)s?|(^|_)(pass|pwd|pat))(_?\d+)?$/i;

function secretsIn(name: string, value: string): string[] {
  if (SECRET_NAME.test(name) && name !== "PWD") return [value, value.replace(/^(bearer|basic) +/i, "")];
  const query = URL.canParse(value) ? [...new URL(value).searchParams.values()] : [];
  // "http://me:password@host", and a proxy may lack its beginning.
  const before = /(?:proxy|url|uri|host)$/i.test(name) ? "(?:^|//)" : "//";
  const user = Array.from(
    value.matchAll(new RegExp(`${before}([^/@\\s]+)@`, "g")),
    ([, found = ""]) => found,
  );
  const headers = /headers$/i.test(name) ? value.split(/[\n,]/).flatMap(headerSecret) : [];
  const parts = user.flatMap((pair) => [pair, ...pair.split(/:(.*)/s)]);
  return [...query, ...parts, ...headers].flatMap((part) => [part, querystring.unescape(part)]);
}

/** As `OPENAI_CUSTOM_HEADERS` has them, or OpenTelemetry: "x-key: abc", "x-key=abc". */
function headerSecret(line: string): string[] {
  const [, name = "", value = ""] = /^\s*([\w-]+)\s*[:=]\s*(.*?)\s*$/.exec(line) ?? [];
  return HARMLESS.test(name.toLowerCase()) ? [] : [value, value.replace(/^\w+ +/, "")];
}

/** How a secret is written: as it is, or within JSON, within JSON in JSON, in an address, in base64. */
function formsOf(secret: string): string[] {
  let written = [secret];
  for (let depth = 0; depth < 3; depth++) written = [...new Set(written.flatMap(inJson))];
  const bytes = written.map((text) => Buffer.from(text).toString("latin1")); // pieces are read as bytes
  const url = encodeURIComponent(secret.toWellFormed());
  const base64 = [0, 1, 2].flatMap((before) => base64Within(secret, before));
  return [...written, ...bytes, url, encodeURIComponent(url), ...base64];
}

/** As it is, and as the various writers of JSON escape it: PHP, Python, Go and Google. */
function inJson(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const coded = [/[\x7f-\uffff]/g, /[<>&]/g, /[<>&='\x7f-\uffff]/g].map((letters) =>
    json.replace(letters, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
  return [text, json, json.replaceAll("/", "\\/"), ...coded];
}

/** What of its base64 is the same whatever surrounds it, behind that many bytes. */
function base64Within(secret: string, before: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
  const [first, end] = [Math.ceil((before * 4) / 3), Math.floor((bytes.length * 4) / 3)];
  return (["base64", "base64url"] as const).map((encoding) => bytes.toString(encoding).slice(first, end));
}

/** The same text in the same length: what is counted in it stays where it is. */
export function withoutSecrets(text: string): string {
  return text.replace(patternsNow().secret, ({ length }) => "*".repeat(length));
}

/** Names of no secrets. What a header that is not listed holds is nobody's business. */
const HARMLESS =
  /^(accept|age|anthropic-(beta|version)|content-(encoding|length|type)|date|openai-(processing-ms|version)|retry-after(-ms)?|server|transfer-encoding|user-agent|via|x-ratelimit-[\w-]+|(anthropic-|x-goog-|x-)?request-id|anthropic-ratelimit-[\w-]+|x-stainless-[\w-]+|x-should-retry)$/;

/** The headers that can hold no key. */
export function safeHeaders(headers: Headers | undefined): Record<string, string> {
  return Object.fromEntries([...(headers ?? [])].filter(([name]) => HARMLESS.test(name)));
}

/** Without user and password; of the query only the names, because `?key=` is one. `alt` says how Gemini is to answer. */
export function safeUrl(text: string): string {
  const url = URL.parse(text);
  if (!url) return text;
  Object.assign(url, { username: "", password: "", hash: "" });
  const query = [...url.searchParams].map(([name, value]) => {
    if (value === "") return ["…", ""]; // a name alone may be the key
    return [name, name === "alt" ? value : "…"];
  });
  url.search = new URLSearchParams(query).toString();
  return url.href;
}
