import { describe, expect, test } from "vitest";
import { clip, nearest, quote } from "./text.ts";

test("a text within the limit stays as it is", () => {
  expect(clip("short", 5)).toBe("short");
});

test("of a longer one the head and the tail are kept, and the rest is counted", () => {
  expect(clip(`begin${"x".repeat(100)}the end`, 10)).toBe("begin\n[102 characters left out]\ne end");
});

test("a character of two units is not cut in half", () => {
  expect(clip("😀".repeat(50), 10).isWellFormed()).toBe(true);
});

test("a text that was clipped before still says where the rest is, each time", () => {
  const clipped = `${"a".repeat(500)}\n[… 9 MB left out; all of it is in .eightfold/output/x.txt …]\n${"b".repeat(500)}`;
  const again = clip(clipped, 300);
  expect(again).toContain("left out; all of it is in .eightfold/output/x.txt]");
  expect(clip(again, 200)).toContain("left out; all of it is in .eightfold/output/x.txt]");
});

test("a text of nothing but beginnings of such words is clipped as well", () => {
  const hostile = " left out; ".repeat(200_000);
  expect(clip(hostile, 100)).toContain("characters left out]");
});

describe("quote", () => {
  test("a proxy's page becomes its title", () => {
    const page = `<!DOCTYPE html>\n<html><head><title>\n502 Bad Gateway </title></head><body>${"x".repeat(9000)}`;
    expect(quote(page)).toBe('an HTML page, "502 Bad Gateway"');
    expect(quote("<html><body>oops</body></html>")).toBe("an HTML page");
  });

  test("long words are cut, on a whole character", () => {
    const said = quote("😀".repeat(500));
    expect(said.length).toBeLessThanOrEqual(201);
    expect(said.isWellFormed()).toBe(true);
    expect(said.endsWith("…")).toBe(true);
  });

  test("nothing that could redraw a terminal comes through", () => {
    expect(quote("bad\u001b[2J\u0007\r\n key\u202e")).toBe("bad [2J key");
  });
});

test.each([
  ["/modle", "/model"],
  ["/exot", "/exit"],
  ["reusme", "resume"],
  ["/init", undefined],
  ["/x", undefined],
])("%j may have been meant for %j", (word, meant) => {
  expect(nearest(word, ["/exit", "/model", "/undo", "resume"])).toBe(meant);
});
