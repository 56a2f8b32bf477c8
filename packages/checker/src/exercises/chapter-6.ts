import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readFile } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectEqual, expectNoText, expectText, expectThat } from "../expect.ts";
import { resultsIn, transcript } from "../requests.ts";

export const chapter6: readonly Check[] = [
  check("6.1", "/undo takes back the last request, and all that followed it", async (bench) => {
    await bench.put({ "a.txt": "one\n" });
    await bench.serve([
      { text: "First answer." },
      { calls: [readFile("a.txt")] },
      { text: "Second answer." },
      { text: "Third answer." },
      { text: "Fourth answer." },
    ]);
    const terminal = await bench.converse();
    await terminal.ask("My name is Ada.");
    await terminal.shows("First answer.");
    await terminal.ask("My town is Turin. Read a.txt.");
    await terminal.shows("Second answer.");
    await terminal.ask("/undo");
    await terminal.ask("Who am I?");
    await terminal.shows("Third answer.");
    const after = bench.requests[3];
    expectNoText(transcript(after), ["Turin", "Second", "/undo"], "the request after /undo");
    expectEqual(resultsIn(after), [], "the results in it");
    expectText(transcript(after), /Ada.*First answer\..*Who am I\?/s, "the request after /undo");
    for (const _ of ["Who am I?", "My name is Ada.", "nothing"]) await terminal.ask("/undo");
    await terminal.ask("Hello?");
    await terminal.shows("Fourth answer.");
    expectText(transcript(bench.requests[4]), /^user: Hello\?$/, "the request after all was taken back");
  }),

  check("6.2", "at the step limit one more reply sums up, without any tool", async (bench) => {
    await bench.put({ "0.txt": "zero\n", "1.txt": "one\n" });
    await bench.serve(({ view }, index) =>
      view.tools.length === 0 ? { text: "Two files are read." } : { calls: [readFile(`${index}.txt`)] },
    );
    const { code, stdout } = await bench.run(["--max-steps", "2", "go"]);
    expectEqual(bench.requests.length, 3, "requests for --max-steps 2");
    expectEqual(bench.requests[2]?.view.tools, [], "the tools of the last request");
    expectEqual(resultsIn(bench.requests[2]).length, 2, "the results that it brings");
    expectText(stdout, "Two files are read.", "the answer");
    expectEqual(code, 3, "exit code");
  }),

  check("6.3", "~/.eightfold.md is in the prompt, before what the project says", async (bench) => {
    await bench.put({ "AGENTS.md": "The advice of the project." });
    await bench.serve(() => ({ text: "Well." }));
    const home = join(bench.outside, "home");
    await mkdir(home);
    const env = { HOME: home, USERPROFILE: home };
    expectEqual((await bench.run(["go"], { env })).code, 0, "exit code without a ~/.eightfold.md");
    await writeFile(join(home, ".eightfold.md"), "Answer in British English.\n");
    expectEqual((await bench.run(["go"], { env })).code, 0, "exit code with one");
    const [without = "", system = ""] = bench.requests.map(({ view }) => view.system);
    const label = system.indexOf("written by the project");
    const place = system.indexOf("Answer in British English.");
    expectThat(place >= 0, "the words of ~/.eightfold.md in the system prompt", system);
    expectThat(
      place < (label < 0 ? system.indexOf("The advice") : label),
      "them before the project's documents",
      system,
    );
    expectNoText(without, ["British", "ENOENT"], "the system prompt without that file");
  }),
];
