import { type Check, check } from "../check.ts";
import { expectEqual, expectNoText, expectText } from "../expect.ts";
import { transcript } from "../requests.ts";

/** What a line that begins with a slash does. None of them is a request to the model. */
export const commands: readonly Check[] = [
  check(
    "6.slash-commands",
    "slash commands tell about the agent, and ask the model nothing",
    async (bench) => {
      await bench.put({ "AGENTS.md": "Be a kind parrot." });
      const wire = await bench.serve([{ text: "Hello.", usage: { input: 4321, output: 57 } }], {
        model: "parrot-7",
      });
      const terminal = await bench.converse();
      const says = async (command: string, ...words: string[]) => {
        await terminal.prompt();
        const before = terminal.screen.length;
        await terminal.ask(command);
        await terminal.prompt();
        for (const word of words) expectText(terminal.screen.slice(before), word, `what ${command} says`);
      };
      await says("/help", "/tools", "/usage", "/prompt", "/model", "/reset", "/exit", "/quit");
      await says("/tools", "read_file", "list_files", "grep", "edit_file", "write_file", "run_bash");
      await says("/prompt", "Be a kind parrot.");
      await says("/model", "parrot-7");
      await says("/rest", "/reset");
      expectEqual(wire.requests.length, 0, "requests");
      await terminal.ask("Hello?");
      await terminal.shows("Hello.");
      await says("/usage", "4,321", "57");
      if (bench.subject.ours) await says("/wire", "new: ", "user (", "bytes to 127.0.0.1", "4,321 tokens");
      expectEqual(wire.requests.length, 1, "requests");
    },
  ),

  check("6.lines-are-requests", "a command is one line; a request may begin like one", async (bench) => {
    const wire = await bench.serve([{ text: "Done." }]);
    const { stdout } = await bench.run([], { input: "/reset\nis what the user types. Where is it?\n" });
    expectText(stdout, "Done.", "the answer");
    expectText(transcript(wire.requests[0]), "/reset\nis what the user types.", "the request");
  }),

  check("6.paths-are-requests", "a request may begin with a path", async (bench) => {
    const wire = await bench.serve([{ text: "A list of names." }]);
    const { stdout } = await bench.run(["/etc/hosts", "holds", "what?"]);
    expectText(stdout, "A list of names.", "the answer");
    expectText(transcript(wire.requests[0]), "/etc/hosts holds what?", "the request");
  }),

  check("6.reset", "after /reset the model knows nothing of what was said", async (bench) => {
    const wire = await bench.serve([{ text: "Good to know." }, { text: "Nobody told me." }]);
    const terminal = await bench.converse();
    await terminal.ask("My name is Ada.");
    await terminal.shows("Good to know.");
    await terminal.ask("/clear"); // as others call /reset
    await terminal.ask("Who am I?");
    await terminal.shows("Nobody told me.");
    expectText(transcript(wire.requests[1]), /^user: .*Who am I\?$/s, "the second request");
    expectNoText(transcript(wire.requests[1]), ["Ada", "Good to know"], "the second request");
    expectEqual(wire.requests[1]?.view.system, wire.requests[0]?.view.system, "its system prompt");
  }),

  check("6.commands-once", "a slash command as the only request answers on stdout", async (bench) => {
    const wire = await bench.serve([], { model: "parrot-7" });
    const { stdout, code } = await bench.run(["/model"]);
    expectText(stdout, "parrot-7", "stdout");
    expectEqual(code, 0, "exit code");
    const unknown = await bench.run(["/modle"]);
    expectText(unknown.stderr, "/model", "what is said of a command that there is not");
    expectEqual([unknown.stdout, unknown.code], ["", 2], "stdout and exit code of it");
    expectEqual(wire.requests.length, 0, "requests");
  }),

  check("6.usage", "after a turn its tokens are shown", async (bench) => {
    await bench.serve([{ text: "Hello.", usage: { input: 321, output: 57 } }]);
    const { stdout, stderr } = await bench.run(["Hello?"]);
    expectEqual(stdout, "Hello.\n", "stdout");
    expectText(stderr, /\b321\b.*\b57\b/, "the tokens of input and output");
  }),
];
