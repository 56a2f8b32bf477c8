import type { Message } from "@eightfold/core";
import { expect } from "vitest";
import { reads, replied, result, said } from "./messages.ts";
import type { Row } from "./row.ts";
import { expectAccepted, hear } from "./talk.ts";
import { tellsReadme } from "./tools.ts";

/** A conversation that nobody said like this, but an agent may hold, is taken by the service. */
function accepts(what: string, conversation: readonly Message[], sees: RegExp[] = []): Row {
  return {
    behaviour: `${what} is accepted`,
    async holds({ open }) {
      await using talk = await open([tellsReadme]);
      talk.conversation.push(...conversation);
      expect((await hear(talk)).reply.stop).toBe("done");
      expectAccepted(talk);
      for (const { raw } of talk.requests) for (const words of sees) expect(raw).toMatch(words);
    },
  };
}

/** Conversations of every kind make a valid request. */
export const conversations: readonly Row[] = [
  accepts(
    "two messages of the user in a row",
    [said("First thing."), said("Second thing.")],
    [/First thing\..*Second thing\./],
  ),
  accepts("a conversation that was interrupted three times", [
    said("One."),
    replied(""),
    said("Two."),
    replied("I was about to"),
    said("Three."),
    replied("Now.", reads("c1"), reads("c2", "b.txt"), { ...reads("c3"), input: {}, invalid: "no JSON" }),
    result("c1", "1 line"),
    result("c2", "Stopped by the user before it finished.", true),
    result("c3", "Not run: the user stopped the turn.", true),
    replied(""),
    said("Four."),
  ]),
  accepts("an empty result", [said("Read it."), replied("", reads("c1")), result("c1", "")]),
  accepts(
    "a conversation that begins with a reply",
    [replied("Here I am."), said("Go on.")],
    [/Here I am\./],
  ),
  accepts("a call id that no other provider would give", [
    said("Read two."),
    replied("", reads(`functions.read_file:0/${"é".repeat(80)}`), reads("")),
    result(`functions.read_file:0/${"é".repeat(80)}`, "one"),
    result("", "two"),
  ]),
];
