/** Where the values of a JSON text begin and end, found without building them: a session's requests hold megabytes. */

export interface Place {
  readonly start: number;
  readonly end: number;
}

export interface Member extends Place {
  readonly key: string;
}

/**
 * The members of the object that begins at `start`; none when there is no object.
 * @param endOf where the value of a key ends, for values that the caller goes through itself
 */
export function membersAt(
  json: string,
  start: number,
  endOf: (key: string, start: number) => number | undefined = () => undefined,
): Member[] {
  const members: Member[] = [];
  eachValue(json, start, "{", (keyStart) => {
    const keyEnd = stringEnd(json, keyStart);
    const key = json.slice(keyStart + 1, keyEnd - 1);
    const valueStart = skipBlank(json, skipBlank(json, keyEnd) + 1);
    const end = endOf(key, valueStart) ?? valueEnd(json, valueStart);
    members.push({ key, start: valueStart, end });
    return end;
  });
  return members;
}

/**
 * The items of the list that begins at `start`, and where it ends; none when there is no list.
 * @param known its first items, where an earlier text that begins with the same characters has shown them
 */
export function itemsAt(json: string, start: number, known: readonly Place[] = []) {
  const items: Place[] = [...known];
  const from = known.at(-1)?.end;
  const end = eachValue(
    json,
    start,
    "[",
    (itemStart) => {
      const itemEnd = valueEnd(json, itemStart);
      items.push({ start: itemStart, end: itemEnd });
      return itemEnd;
    },
    from,
  );
  return { items, end };
}

/** The path of the innermost value that holds the character at `offset`: `messages[3].content[0].text`. */
export function pathAt(json: string, offset: number): string {
  let path = "";
  let start = skipBlank(json, 0);
  for (;;) {
    const member = membersAt(json, start).find(({ end }) => offset < end);
    const items = member ? [] : itemsAt(json, start).items;
    const index = items.findIndex(({ end }) => offset < end);
    const inner = member ?? items[index];
    if (!inner || offset < inner.start) return path;
    path += member ? `${path && "."}${member.key}` : `[${index}]`;
    start = inner.start;
  }
}

/** Calls `read` with the start of each member or item; `read` returns its end. Returns the end of the whole. */
function eachValue(
  json: string,
  start: number,
  opening: string,
  read: (start: number) => number,
  readTo?: number,
): number {
  if (json[start] !== opening) return start;
  let end = skipBlank(json, readTo ?? start + 1);
  if (readTo !== undefined && json[end] === ",") end = skipBlank(json, end + 1);
  while (end < json.length && json[end] !== "]" && json[end] !== "}") {
    end = skipBlank(json, read(end));
    if (json[end] === ",") end = skipBlank(json, end + 1);
  }
  return Math.min(end + 1, json.length);
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

const SPACE = 0x20;
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
  while (json.charCodeAt(at) <= SPACE) at++;
  return at;
}
