import { expect, test } from "vitest";
import { itemsAt, membersAt, pathAt } from "./json-places.ts";

const json =
  '{"model":"m","messages":[{"role":"user","content":"say \\"hi\\" \\\\"},{"n":[1,2.5,true]}],"top":null}';

test("the members of an object, and the items of a list, with quotes and backslashes in their strings", () => {
  const members = membersAt(json, 0);
  expect(members.map(({ key }) => key)).toEqual(["model", "messages", "top"]);
  expect(members.map(({ start, end }) => JSON.parse(json.slice(start, end)))).toEqual(
    Object.values(JSON.parse(json)),
  );
  const { items, end } = itemsAt(json, members[1]?.start ?? 0);
  expect(end).toBe(members[1]?.end);
  expect(itemsAt(json, members[1]?.start ?? 0, items.slice(0, 1))).toEqual({ items, end });
  expect(items.map(({ start, end }) => JSON.parse(json.slice(start, end)))).toEqual(
    JSON.parse(json).messages,
  );
});

test.for([
  ['"m"', "model"],
  ["hi", "messages[0].content"],
  ["2.5", "messages[1].n[1]"],
  ["null", "top"],
] as const)("%s lies at %s", ([text, path]) => {
  expect(pathAt(json, json.indexOf(text))).toBe(path);
});

test("a body that is cut off anywhere ends the search", () => {
  for (let length = 0; length < json.length; length++) {
    const cut = json.slice(0, length);
    expect(membersAt(cut, 0).every(({ end }) => end <= length)).toBe(true);
    expect(pathAt(cut, length)).toBeTypeOf("string");
  }
});
