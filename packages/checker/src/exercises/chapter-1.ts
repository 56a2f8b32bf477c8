import { type Check, check } from "../check.ts";
import { expectEqual, expectNoText, expectText, expectThat } from "../expect.ts";
import { transcript } from "../requests.ts";

export const chapter1: readonly Check[] = [
  check("1.1", "/clear asks the model nothing, and the next request knows nothing", async (bench) => {
    await bench.serve((_, index) => ({ text: `Answer ${index}.` }));
    const terminal = await bench.converse();
    await terminal.ask("My name is Ada.");
    await terminal.shows("Answer 0.");
    await terminal.ask("/clear");
    await terminal.ask("Who am I?");
    await terminal.shows("Answer 1.");
    await terminal.prompt();
    const after = transcript(bench.requests[1]);
    expectNoText(after, ["Ada", "/clear"], "the request after /clear");
    expectText(after, /^user: Who am I\?$/, "the request after /clear, which is the first of a conversation");
  }),

  check("1.2", "stderr counts what a request carries, before its answer", async (bench) => {
    await bench.serve(() => ({ text: "Well, well." }));
    const said = ["Hello.", "And again?", "Once more!"];
    const terminal = await bench.converse();
    let characters = 0;
    for (const [turn, words] of said.entries()) {
      await terminal.prompt();
      const before = terminal.screen.length;
      await terminal.ask(words);
      await terminal.shows("Well, well.");
      await terminal.prompt();
      const [seen = ""] = terminal.screen.slice(before).split("Well, well.");
      const numbers = (seen.match(/\d[\d,]*/g) ?? []).map((digits) => Number(digits.replaceAll(",", "")));
      const messages = 2 * turn + 1;
      expectThat(
        numbers.includes(messages),
        `the number of messages, ${messages}, before the answer to request ${turn + 1}`,
        seen,
      );
      const text = said.slice(0, turn + 1).join("").length + turn * "Well, well.".length;
      const counted = Math.max(...numbers.filter((number) => number !== messages));
      expectThat(
        counted >= Math.max(text, characters + 1),
        `a growing count of at least ${text} characters`,
        seen,
      );
      characters = counted;
    }
    const { stdout } = await bench.run(["Hello."]);
    expectEqual(stdout, "Well, well.\n", "stdout: the numbers are on stderr");
  }),

  check("1.3", "a request carries the last nine messages at most, the new one among them", async (bench) => {
    await bench.serve((_, index) => ({ text: `Answer ${index}.` }));
    const terminal = await bench.converse();
    for (let turn = 0; turn < 7; turn++) {
      await terminal.ask(`Question ${turn}?`);
      await terminal.shows(`Answer ${turn}.`);
    }
    const sent = bench.requests.map(({ view }) => view.messages);
    const sizes = sent.map(({ length }) => length);
    expectEqual(sizes, [1, 3, 5, 7, 9, 9, 9], "the messages in each of seven requests");
    expectEqual(
      sent[6]?.[0],
      { role: "user", text: "Question 2?" },
      "the first message of the seventh request",
    );
    expectEqual(sent[6]?.[8], { role: "user", text: "Question 6?" }, "its last message");
  }),
];
