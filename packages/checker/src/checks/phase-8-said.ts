import { CTRL_C, CTRL_D } from "../agent-terminal.ts";
import { runBash, writeFile } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectBytes, expectEqual, expectNoText, expectText } from "../expect.ts";
import { resultsIn, transcript } from "../requests.ts";

/** What a user brings in: files that a request names, and commands of their own. */
export const said: readonly Check[] = [
  check(
    "8.named-file",
    "a file that a request names after @ comes with it, and counts as read",
    async (bench) => {
      await bench.put({ "a.txt": "one\ntwo\nthree\n", "two words.md": "blank\n", "b.txt": "not named\n" });
      await bench.serve([{ calls: [writeFile("a.txt", "four\n")] }, { text: "Done." }]);
      const request = 'Look at @a.txt, @"two words.md", @a.txt:2-2 and me@b.txt. Is @gone there?';
      const { code, stderr } = await bench.run(["--approval", "auto", request]);
      expectEqual(code, 0, "exit code");
      const first = transcript(bench.requests[0]);
      expectText(
        first,
        /1\tone\n +2\ttwo\n[\s\S]*1\tblank\n[\s\S]*2\ttwo\n[\s\S]*Look at @a\.txt/,
        "the request",
      );
      expectNoText(first, ["not named"], "the request");
      expectText(stderr, /a\.txt.*3 of 3 lines/, "what is on the screen");
      expectText(stderr, "There is no file @gone", "what is on the screen");
      expectBytes(await bench.read("a.txt"), "four\n", "a.txt");
      await bench.run(["--resume", "latest", "And now?"]);
      expectText(
        transcript(bench.requests.at(-1)),
        /1\tone[\s\S]*Look at[\s\S]*And now\?/,
        "the request, resumed",
      );
    },
  ),

  check("8.named-secret", "a secret that a request names is not sent unasked", async (bench) => {
    await bench.put({ ".env": "KEY=hunter2\n" });
    await bench.serve([{ text: "I see." }]);
    const { code } = await bench.run(["what is in @.env?"]);
    expectEqual(code, 4, "exit code");
    expectNoText(bench.requests[0]?.raw, ["hunter2"], "the request");
  }),

  check(
    "8.own-command",
    "a command behind ! runs unasked, and the next request tells of it",
    async (bench) => {
      await bench.serve((_, index) => ({ text: `Answer ${index}.` }));
      const terminal = await bench.converse(["--approval", "never"]);
      await terminal.ask("!echo made > made.txt; echo made-$((40 + 2)); exit 3");
      await terminal.shows("made-42");
      await terminal.ask("!sleep 100");
      await terminal.shows("sleep 100");
      terminal.press(CTRL_C);
      await terminal.prompt();
      await terminal.ask("What happened?");
      await terminal.shows("Answer 0.");
      await terminal.prompt();
      terminal.press(CTRL_D);
      await terminal.end();
      expectBytes(await bench.read("made.txt"), "made\n", "made.txt");
      const asked = /exit 3\s+stdout:\s+made-42[\s\S]*sleep 100[\s\S]*[Ss]topped[\s\S]*What happened\?/;
      expectText(transcript(bench.requests[0]), asked, "the request");
      await bench.run(["--resume", "latest", "And now?"]);
      expectText(transcript(bench.requests.at(-1)), asked, "the request, resumed");
    },
  ),

  check("8.own-command-typed", "a ! that nobody typed in a conversation is text", async (bench) => {
    await bench.put({ "a.txt": "!touch file.txt\n" });
    await bench.serve([
      { text: "!touch model.txt" },
      { text: "!touch model.txt" },
      { calls: [runBash("echo '!touch output.txt'")] },
      { text: "Done." },
    ]);
    await bench.run(["!touch words.txt"]);
    await bench.run([], { input: "!touch pipe.txt" });
    await bench.run(["@a.txt"]);
    expectText(transcript(bench.requests[0]), "user: !touch words.txt", "the request");
    expectText(transcript(bench.requests[1]), "user: !touch pipe.txt", "the request");
    expectText(resultsIn(bench.requests[3])[0], "!touch output.txt", "the result");
    for (const name of ["file", "model", "output", "words", "pipe"]) {
      const there = await bench.read(`${name}.txt`).then(
        () => true,
        () => false,
      );
      expectEqual(there, false, `${name}.txt is there`);
    }
  }),
];
