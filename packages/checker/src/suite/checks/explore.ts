import { expectText, expectThat } from "../../expect.ts";
import type { AgentCheck } from "../check.ts";
import { calls } from "../dialogue.ts";

/** Lists and searches: what is there is found, and what is too much is cut. */
export const explore: readonly AgentCheck[] = [
  {
    id: "explore.lists",
    level: "core",
    title: "a listing names the files that are there",
    needs: ["list"],
    hint: "Name every file of the folder, those in subfolders or the subfolders too.",
    more: "A name may hold blanks and characters outside ASCII. Print it as it is.",
    async run(bench) {
      await bench.put({ "MAPLE.md": "", "a name with blanks.txt": "", "naïve.txt": "" });
      const [[text] = []] = await calls(bench, [bench.call("list", { path: ".", pattern: "**/*" })]);
      for (const name of ["MAPLE.md", "a name with blanks.txt", "naïve.txt"])
        expectText(text, name, "a listing");
    },
  },
  {
    id: "explore.finds",
    level: "core",
    title: "a search finds a word wherever it is, and says in which file",
    needs: ["search"],
    hint: "Search every text file below the folder, and print the path of each match.",
    more: "Files in deep folders, with CRLF line ends or without a last line end are text as well.",
    async run(bench) {
      await bench.put({
        "src/deep/er/one.txt": "x\nHORNBEAM here\n",
        "two.txt": "a\r\nHORNBEAM there\r\n",
        "three.txt": "the last line is HORNBEAM",
      });
      const [[text] = []] = await calls(bench, [bench.call("search", { pattern: "HORNBEAM", path: "." })]);
      for (const name of ["one.txt", "two.txt", "three.txt"])
        expectText(text, name, "matches in all three files");
    },
  },
  {
    id: "explore.finds-nothing",
    level: "core",
    title: "a search that finds nothing says so, and the turn goes on",
    needs: ["search"],
    hint: "Exit code 1 of grep and ripgrep means that nothing was found. It is not an error.",
    more: "A result must not be empty: the model cannot tell an empty text from a tool that did not run.",
    async run(bench) {
      await bench.put({ "a.txt": "nothing of that kind\n" });
      const [[text] = []] = await calls(bench, [bench.call("search", { pattern: "JUNIPER", path: "." })]);
      expectThat((text ?? "").trim() !== "", "a result that says that nothing was found", text);
    },
  },
  {
    id: "explore.wrong-pattern",
    level: "core",
    title: "a pattern that is not a regular expression is answered",
    needs: ["search"],
    hint: "Answer with what is wrong with the pattern, or take it literally.",
    more: "Models search for `foo(`. That text must not end the agent.",
    async run(bench) {
      await bench.put({ "a.txt": "call foo(\n" });
      const [[text] = []] = await calls(bench, [bench.call("search", { pattern: "foo(", path: "." })]);
      expectThat((text ?? "").trim() !== "", "a result", text);
    },
  },
  {
    id: "explore.bounded",
    level: "core",
    title: "a search with 100,000 matches makes no request of more than 1 MB",
    needs: ["search"],
    hint: "Cut the matches at some limit, and say how many there were.",
    more: "A word like `the`, or one minified file, fills the context window.",
    async run(bench) {
      await bench.put({ "many.txt": "a line with SPINDLE in the middle of it, and more\n".repeat(100_000) });
      await calls(bench, [bench.call("search", { pattern: "SPINDLE", path: "." })]);
      const size = bench.requests.at(-1)?.raw.length ?? 0;
      expectThat(size < 1_000_000, "a request of less than 1,000,000 characters", size);
    },
  },
];
