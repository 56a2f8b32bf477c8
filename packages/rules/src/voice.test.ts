import { expect, test } from "vitest";
import { repoFiles } from "./repo-files.ts";
import { exceptions, foreignPhrases } from "./voice.ts";

const pages = repoFiles.filter(({ path }) =>
  /^(?:[A-Z]+\.md|docs\/.*\.md|(?:packages|phases)\/[^/]+\/README\.md)$/.test(path),
);

test.for(pages)("$path sounds as a native writer would have said it", (page) => {
  expect(foreignPhrases(page)).toEqual([]);
});

test("each exception is of a phrase that is there", () => {
  const unused = exceptions.filter(
    ({ path, phrase }) =>
      !pages.some(
        (page) => page.path === path && foreignPhrases(page, []).some((each) => each.includes(`"${phrase}"`)),
      ),
  );
  expect(unused).toEqual([]);
});

test("a phrase is found in prose, over the end of a line too, and not in code", () => {
  const text = [
    "The result stands there. It need",
    "not be read. There is no file, but this is no file.",
    "`all that` <!-- all that --> [all](all-that.md)",
    "```text",
    "all that",
    "```",
    "It stands for a word, and is no longer used. He came besides.",
  ].join("\n");
  expect(foreignPhrases({ path: "a.md", text })).toEqual([
    'a.md:1: "stands". Say: is, appears, says.',
    'a.md:2: "is no file". Say: is not a ….',
    'a.md:1: "need not". Say: does not have to.',
    'a.md:7: "besides". Say: too, as well.',
  ]);
  const allowed = [{ path: "a.md", phrase: "need not", reason: "a quotation" }];
  expect(foreignPhrases({ path: "a.md", text: "It need not." }, allowed)).toEqual([]);
});
