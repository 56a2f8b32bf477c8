import { expect, test } from "vitest";
import { bare, plain, rendered } from "../../test/rendered.ts";
import { colourFor } from "./code-colours.ts";

const fenced = (language: string, code: string) => `\`\`\`${language}\n${code}\n\`\`\`\n`;

test.each([
  ["ts", 'const a = "x"; // why', "‹cyan|const›", '‹green|"x"›', "‹dim|// why›"],
  ["python", "def f(): return 1 # why", "‹cyan|def›", "‹cyan|return›", "‹dim|# why›"],
  ["bash", "if true; then echo 'x'; fi", "‹cyan|if›", "‹green|'x'›"],
  ["json", '{ "a": "x" }', '"x"'],
  ["diff", "-one\n+two", "‹red|-one›", "‹green|+two›"],
])("code in %s is coloured", (language, code, ...shown) => {
  const drawn = rendered(fenced(language, code));
  for (const part of shown) expect(drawn).toContain(part);
  expect(plain(fenced(language, code))).toBe(plain(fenced("", code)).replace(/^/, `  ${language}\n`));
});

test("a comment of several lines is one, and pieces of any size give the same", () => {
  const code = fenced("js", "/* one\n\ttwo */ let x;");
  expect(rendered(code)).toContain("‹dim|    two */› ‹cyan|let› x;");
  expect(rendered(code, { cuts: [9, 14, 15, 22] })).toBe(rendered(code));
});

test("a language that is not known, and a screen without colours, show code as it comes", () => {
  expect(colourFor("brainfuck")).toBeUndefined();
  expect(colourFor("")).toBeUndefined();
  expect(bare(fenced("js", "let x;"))).toBe("  js\n  let x;\n");
});
