/** What must never be in a trace: keys, wherever they turn up. */

/** Placeholders for keys are short, or words of everyday text. */
const SHORTEST = 8;

/** Some servers quote the half of a key. So much of one is no other word. */
const BEGINNING = 12;

/** As far as a quoted beginning goes. */
const REST = "[\\w+/=%~\\x80-\\uffff-]*";

let forms: string[] = [];
let pattern: RegExp | undefined;

/** From now on, these are asterisks in the trace: as they are, in JSON, in a URL and in base64. */
export function hideInTraces(secrets: readonly string[]): void {
  const known = secrets.filter(({ length }) => length >= SHORTEST).flatMap(formsOf);
  forms = [...new Set([...forms, ...known])].sort((a, b) => b.length - a.length);
  const words = forms.map((form) => form.replace(/\W/g, "\\$&"));
  const beginnings = forms.flatMap((form) => form.slice(0, BEGINNING).replace(/\W/g, "\\$&") + REST);
  pattern = forms.length > 0 ? new RegExp([...words, ...beginnings].join("|"), "gi") : undefined;
}

function formsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const ascii = json.replace(
    /[\x7f-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const bytes = [secret, json].map((text) => Buffer.from(text).toString("latin1")); // pieces are read as bytes
  const base64 = [0, 1, 2].flatMap((before) => base64Within(secret, before));
  return [secret, json, ascii, json.replaceAll("/", "\\/"), ...bytes, encodeURIComponent(secret), ...base64];
}

/** What of its base64 is the same whatever surrounds it, behind that many bytes. */
function base64Within(secret: string, before: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
  const [first, end] = [Math.ceil((before * 4) / 3), Math.floor((bytes.length * 4) / 3)];
  return (["base64", "base64url"] as const).map((encoding) => bytes.toString(encoding).slice(first, end));
}

/** The same text in the same length: what is counted in it stays where it is. */
export function withoutSecrets(text: string): string {
  return pattern ? text.replace(pattern, ({ length }) => "*".repeat(length)) : text;
}

/** Where a text ends in what may be the beginning of a secret: the rest is still to come. Its length, where it does not. */
export function safeLength(text: string): number {
  let safe = text.length;
  for (const { index, 0: found } of pattern ? text.matchAll(pattern) : []) {
    if (index + found.length === text.length) safe = Math.min(safe, index);
  }
  const end = text.slice(-(forms[0]?.length ?? 0)).toLowerCase();
  for (const form of forms) {
    const start = form.toLowerCase();
    for (let length = Math.min(start.length - 1, end.length); length > 0; length--) {
      if (!end.endsWith(start.slice(0, length))) continue;
      safe = Math.min(safe, text.length - length);
      break;
    }
  }
  return safe;
}
