import { type Check, check } from "../check.ts";
import { expectEqual, expectText } from "../expect.ts";
import { transcript } from "../requests.ts";

/** The three commands that each of our agents has at its prompt. */
export const commands: readonly Check[] = [
  check(
    "1.leaves",
    "/exit and /quit leave, with exit code 0",
    async (bench) => {
      await bench.serve([]);
      for (const word of ["/exit", "/quit"]) {
        const terminal = await bench.converse();
        await terminal.ask(word);
        expectEqual(await terminal.end(), 0, `exit code after ${word}`);
      }
    },
    { ours: true },
  ),

  check(
    "1.help",
    "/help says what can be typed, and asks the model nothing",
    async (bench) => {
      const wire = await bench.serve([{ text: "Hello." }]);
      const terminal = await bench.converse();
      await terminal.ask("/help");
      await terminal.shows("/exit");
      await terminal.shows("/quit");
      expectEqual(wire.requests.length, 0, "requests");
      await terminal.ask("Hello?");
      await terminal.shows("Hello.");
      expectText(transcript(wire.requests[0]), /^user: Hello\?$/, "the request");
    },
    { ours: true },
  ),
];
