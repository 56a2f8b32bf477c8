import { describe, expect, test } from "vitest";
import { badReply, cutOff, ModelFailure } from "./errors.ts";
import { quote } from "./text.ts";

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

test("failures carry what the reply will say", () => {
  expect(cutOff("It stopped.")).toBeInstanceOf(ModelFailure);
  expect(cutOff("It stopped.").error).toEqual({ kind: "cut_off", message: "It stopped.", retryable: true });
  expect(badReply("Empty.").error).toEqual({ kind: "bad_reply", message: "Empty.", retryable: true });
});
