/** Where the values of a JSON text begin and end, found without building them: a session's requests hold megabytes. */

export interface Place {
  readonly start: number;
  readonly end: number;
}

export interface Member extends Place {
  readonly key: string;
}

/** The members of the object that begins at `start`; none when there is no object, or when it is cut off. */
export function membersAt(json: string, start: number): Member[] {
  const members: Member[] = [];
  eachValue(json, start, "{", (keyStart) => {
    const keyEnd = stringEnd(json, keyStart);
    const valueStart = skipBlank(json, skipBlank(json, keyEnd) + 1);
    const end = valueEnd(json, valueStart);
    members.push({ key: unquoted(json.slice(keyStart, keyEnd)), start: valueStart, end });
    return end;
  });
  return members;
}

/** The items of the list that begins at `start`; none when there is no list. */
export function itemsAt(json: string, start: number): Place[] {
  const items: Place[] = [];
  eachValue(json, start, "[", (itemStart) => {
    const end = valueEnd(json, itemStart);
    items.push({ start: itemStart, end });
    return end;
  });
  return items;
}

/** The path of the innermost value that holds the character at `offset`: `messages[3].content[0].text`. */
export function pathAt(json: string, offset: number): string {
  let path = "";
  let start = skipBlank(json, 0);
  for (;;) {
    const member = membersAt(json, start).find(({ end }) => offset < end);
    const items = member ? [] : itemsAt(json, start);
    const index = items.findIndex(({ end }) => offset < end);
    const inner = member ?? items[index];
    if (!inner || offset < inner.start) return path;
    path += member ? `${path && "."}${member.key}` : `[${index}]`;
    start = inner.start;
  }
}

/** Calls `read` with the start of each member or item; `read` returns its end. */
function eachValue(json: string, start: number, opening: string, read: (start: number) => number): void {
  if (json[start] !== opening) return;
  let at = skipBlank(json, start + 1);
  while (at < json.length && json[at] !== "]" && json[at] !== "}") {
    const end = skipBlank(json, read(at));
    if (json[end] !== ",") return;
    at = skipBlank(json, end + 1);
  }
}

function valueEnd(json: string, start: number): number {
  if (json[start] === '"') return stringEnd(json, start);
  if (json[start] !== "{" && json[start] !== "[") return untilEnd(json, start);
  let depth = 0;
  for (let at = start; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(json, at) - 1;
    else if (code === OPEN_OBJECT || code === OPEN_LIST) depth++;
    else if ((code === CLOSE_OBJECT || code === CLOSE_LIST) && --depth === 0) return at + 1;
  }
  return json.length;
}

const QUOTE = 0x22;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Behind the quote that ends the string which begins at `start`. */
function stringEnd(json: string, start: number): number {
  let quote = json.indexOf('"', start + 1);
  while (quote !== -1) {
    let before = quote - 1;
    while (json.charCodeAt(before) === BACKSLASH) before--;
    if ((quote - before) % 2 === 1) return quote + 1;
    quote = json.indexOf('"', quote + 1);
  }
  return json.length;
}

/** Numbers, `true`, `false`, `null`. */
function untilEnd(json: string, start: number): number {
  let at = start;
  while (at < json.length && !/[\s,\]}]/.test(json.charAt(at))) at++;
  return Math.min(Math.max(at, start + 1), json.length);
}

function skipBlank(json: string, start: number): number {
  let at = start;
  while (/\s/.test(json.charAt(at))) at++;
  return at;
}

function unquoted(literal: string): string {
  try {
    return JSON.parse(literal);
  } catch {
    return literal;
  }
}
