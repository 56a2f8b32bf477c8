import { describe, expect, test } from "vitest";
import { contentOf, type Files, refusal, workspaceWith } from "../test/temp-workspace.ts";
import { readTextPage, replaceText, type Workspace } from "./index.ts";

async function readWorkspace(files: Files): Promise<Workspace> {
  const workspace = await workspaceWith(files);
  for (const path of Object.keys(files)) await readTextPage(workspace, path);
  return workspace;
}

describe("the one place where the old text stands", () => {
  test("is replaced, and the change is told", async () => {
    const workspace = await readWorkspace({ "src/a.ts": "one\ntwo\nthree\n" });
    expect(await replaceText(workspace, "src/a.ts", "two", "2\n2.5")).toEqual({
      path: "src/a.ts",
      diff: "--- a/src/a.ts\n+++ b/src/a.ts\n@@ -1,3 +1,4 @@\n one\n-two\n+2\n+2.5\n three\n",
      added: 2,
      removed: 1,
      created: false,
    });
    expect(await contentOf(workspace, "src/a.ts")).toBe("one\n2\n2.5\nthree\n");
  });

  test("can be changed again without reading again", async () => {
    const workspace = await readWorkspace({ a: "one\n" });
    await replaceText(workspace, "a", "one", "two");
    await replaceText(workspace, "a", "two", "three");
    expect(await contentOf(workspace, "a")).toBe("three\n");
  });

  test.each(["$&", "$1 $2", "$$", "$`$'", "\\n"])("%j in the new text is just text", async (text) => {
    const workspace = await readWorkspace({ a: "before (x) after" });
    await replaceText(workspace, "a", "(x)", text);
    expect(await contentOf(workspace, "a")).toBe(`before ${text} after`);
  });

  test("the old text is text too, and no regular expression", async () => {
    const workspace = await readWorkspace({ a: "a.c abc [a-c]" });
    await replaceText(workspace, "a", "[a-c]", ".*");
    await replaceText(workspace, "a", "a.c", "");
    expect(await contentOf(workspace, "a")).toBe(" abc .*");
  });

  test("edits of one file that are asked for at once all land", async () => {
    const workspace = await readWorkspace({ a: "0\n1\n2\n3\n4\n5\n6\n7\n" });
    await Promise.all([..."01234567"].map((digit) => replaceText(workspace, "a", digit, `<${digit}>`)));
    expect(await contentOf(workspace, "a")).toBe("<0>\n<1>\n<2>\n<3>\n<4>\n<5>\n<6>\n<7>\n");
  });
});

describe("text that stands in more than one place", () => {
  test("is refused with the count and the lines", async () => {
    const workspace = await readWorkspace({ a: "x = 1\ny = 2\nx = 1\n\nx = 1\n" });
    expect(await refusal(replaceText(workspace, "a", "x = 1", "x = 2"))).toBe(
      "old_text is in a 3 times, on lines 1, 3, 5. Include more of the text around the one to change, so that it is there once.",
    );
    expect(await contentOf(workspace, "a")).toBe("x = 1\ny = 2\nx = 1\n\nx = 1\n");
  });

  test("is refused when the places overlap", async () => {
    const workspace = await readWorkspace({ a: "aaa\n" });
    expect(await refusal(replaceText(workspace, "a", "aa", "b"))).toContain("2 times, on line 1.");
  });

  test("thousands of times over is still one short line", async () => {
    const workspace = await readWorkspace({ a: "x\n".repeat(5000) });
    const message = await refusal(replaceText(workspace, "a", "x", "y"));
    expect(message).toContain("1000 times or more, on lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …");
  });
});

describe("text that is not there", () => {
  const file =
    "function area(w, h) {\n\treturn w * h; // “size”\n}\n\nfunction Perimeter(w, h) {\n\treturn 2 * (w + h);\n}\n";

  test.each([
    [
      "the wrong indent",
      "function area(w, h) {\n  return w * h;",
      "lines 1 to 2",
      "the file indents with tabs",
    ],
    ["other spacing", "return w*h;", "line 2", "whitespace"],
    ["plain quotes", '// "size"', "line 2", "the kind of quotes, dashes or letters"],
    ["other letter case", "function perimeter(w, h) {", "line 5", "upper and lower case"],
    ["another word", "\treturn 3 * (w + h);", "line 6", "words"],
    ["a wrong last line", "function area(w, h) {\n\treturn w + h;\n}", "lines 1 to 3", "words"],
  ])("shows the nearest: %s", async (_, wanted, where, what) => {
    const workspace = await readWorkspace({ a: file });
    const message = await refusal(replaceText(workspace, "a", wanted, "x"));
    expect(message).toMatch(/^old_text is not in a\. The nearest is /);
    expect(message).toContain(where);
    expect(message).toContain(what);
    expect(await contentOf(workspace, "a")).toBe(file);
  });

  test.each([
    [
      "a decomposed letter",
      "let re\u0301sume\u0301 = 1;",
      "let r\u00e9sum\u00e9 = 1;",
      '(the file has "\\u0301", old_text "\\u00e9";',
    ],
    [
      "a no-break space",
      "let a\u00a0= 1;",
      "let a = 1;",
      'the kind of blanks (the file has "\\u00a0", old_text',
    ],
    ["a curly apostrophe", "// it\u2019s", "// it's", '(the file has "\\u2019", old_text "\'";'],
    ["a dash", "// a \u2013 b", "// a - b", '(the file has "\\u2013", old_text "-";'],
    ["a blank of no width", "let a\u200b = 1;", "let a = 1;", '(the file has "\\u200b",'],
    ["a hyphen that is not shown", "// re\u00adfer", "// refer", '(the file has "\\u00ad",'],
    [
      "a letter of another alphabet",
      "if (\u0430dmin)",
      "if (admin)",
      '(the file has "\\u0430", old_text "a";',
    ],
    ["decomposed Hangul", "// \u1112\u1161\u11ab", "// \ud55c", '"\\u1112" "\\u1161" "\\u11ab"'],
  ])("names the characters that look the same, and takes them: %s", async (_, inFile, wanted, named) => {
    const workspace = await readWorkspace({ a: `${inFile}\nend\n` });
    expect(await refusal(replaceText(workspace, "a", wanted, "x"))).toContain(named);
    expect(await contentOf(workspace, "a")).toBe(`${inFile}\nend\n`);
    await replaceText(workspace, "a", inFile, "x");
    expect(await contentOf(workspace, "a")).toBe("x\nend\n");
  });

  test("has the line numbers that read_file shows, whatever CRs are in the lines", async () => {
    const workspace = await readWorkspace({
      a: "one\ntwo\rstill two\r\nthree  x\nfour\nfour\n",
      mac: "one\rtwo\rtwo\r",
    });
    expect(await refusal(replaceText(workspace, "a", "three x", "y"))).toContain("The nearest is line 3,");
    expect(await refusal(replaceText(workspace, "a", "four", "y"))).toContain("on lines 4, 5.");
    expect(await refusal(replaceText(workspace, "mac", "two", "y"))).toContain("on lines 2, 3.");
  });

  test("shows the nearest lines with their numbers, as they are", async () => {
    const workspace = await readWorkspace({ a: file });
    expect(await refusal(replaceText(workspace, "a", "return 2 * (w+h);\n}", "x"))).toBe(
      "old_text is not in a. The nearest is lines 6 to 7, which differ in whitespace:\n" +
        "     6\t\treturn 2 * (w + h);\n     7\t}\nCopy the text exactly, without the line numbers.",
    );
  });

  test("is said to be nearest to the line that it is most like, and not to the first that holds its words", async () => {
    const text = "const { title, body } = parts;\nprint(title, body);\nreturn {\n    title,\n    body,\n};\n";
    const workspace = await readWorkspace({ a: text });
    const message = await refusal(replaceText(workspace, "a", "\t\ttitle,", "x"));
    expect(message).toContain("line 4, which differs in whitespace (the file indents with spaces)");
  });

  test("that holds read_file's line numbers is told so", async () => {
    const workspace = await readWorkspace({ a: file });
    const wanted = "     5\tfunction Perimeter(w, h) {\n     6\t\treturn 2 * (w + h);";
    expect(await refusal(replaceText(workspace, "a", wanted, "x"))).toContain("Leave them out");
  });

  test.each([
    ["a line break at the end, which the file has not", "two\n", "line 2"],
    ["a line break at the start", "\n\none", "line 1"],
  ])("shows the nearest: %s", async (_, wanted, where) => {
    const workspace = await readWorkspace({ a: "one\ntwo" });
    const message = await refusal(replaceText(workspace, "a", wanted, "x"));
    expect(message).toContain(`${where}, which differs in the line breaks around it`);
  });

  test("and that nothing is like, is told so", async () => {
    const workspace = await readWorkspace({ a: file, empty: "" });
    expect(await refusal(replaceText(workspace, "a", "SELECT * FROM users", "x"))).toContain(
      "Nothing in it is like that",
    );
    expect(await refusal(replaceText(workspace, "empty", "anything", "x"))).toContain(
      "Nothing in it is like that",
    );
  });
});

describe("an edit that changes nothing", () => {
  test.each([
    ["the same text", "two", "two"],
    ["other line ends only", "one\ntwo", "one\r\ntwo"],
  ])("%s is refused", async (_, oldText, newText) => {
    const workspace = await readWorkspace({ a: "one\ntwo\n" });
    expect(await refusal(replaceText(workspace, "a", oldText, newText))).toContain("are the same");
  });
});

describe("an empty old text", () => {
  test("creates a file that does not exist, with its folders", async () => {
    const workspace = await workspaceWith();
    const change = await replaceText(workspace, "src/new/a.ts", "", "one\n");
    expect(change).toMatchObject({ path: "src/new/a.ts", created: true, added: 1, removed: 0 });
    expect(await contentOf(workspace, "src/new/a.ts")).toBe("one\n");
    await replaceText(workspace, "src/new/a.ts", "one", "two");
  });

  test.each(["", "text\n"])("is refused for a file that exists (%j)", async (content) => {
    const workspace = await readWorkspace({ a: content });
    expect(await refusal(replaceText(workspace, "a", "", "new"))).toContain("a already exists");
    expect(await contentOf(workspace, "a")).toBe(content);
  });

  test("is refused for a folder", async () => {
    const workspace = await workspaceWith({ "src/a": "" });
    expect(await refusal(replaceText(workspace, "src", "", "new"))).toContain("src is a folder");
  });
});

describe("text that no file can hold", () => {
  test.each([
    ["half a surrogate pair", "\ud83d", "half of a surrogate pair"],
    ["a NUL", "a\0b", "a NUL character"],
  ])("%s is refused, and the file stays", async (_, newText, reason) => {
    const workspace = await readWorkspace({ a: "one" });
    expect(await refusal(replaceText(workspace, "a", "one", newText))).toContain(reason);
    expect(await contentOf(workspace, "a")).toBe("one");
  });
});
