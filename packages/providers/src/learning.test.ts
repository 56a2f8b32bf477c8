import type { Message } from "@eightfold/core";
import { expect, test } from "vitest";
import { Refused, refusalOf } from "./http-errors.ts";
import { askLearning, nothingLearned, OWN_TURNS } from "./learning.ts";
import { ownTurn } from "./turns.ts";

const native = { provider: "a", model: "m", data: "as it was" };
const conversation: Message[] = [{ role: "assistant", text: "Hi.", toolCalls: [], native }];
const quirks = ["reasoning", "usage", OWN_TURNS].map((name) => ({
  name,
  words: new RegExp(`no ${name}$`),
}));
const refused = (said: string) =>
  new Refused({ status: 400, code: "", type: "", param: "", said, details: [] });

/** Asks a service that refuses in these words, one after the other, and then takes what it gets. */
async function ask(...refusals: string[]) {
  const learned = nothingLearned();
  const sent: string[] = [];
  const answer = await askLearning(learned, conversation, quirks, async () => {
    sent.push([...learned.refused, ownTurn(native, "a", "m", learned) ?? "neutral"].join(", "));
    const refusal = refusals.shift();
    if (refusal !== undefined) throw new Error("wrapped", { cause: refused(refusal) });
    return "done";
  }).catch((error: unknown) => refusalOf(error)?.said);
  return { answer, sent };
}

test("what is refused is left out, one thing after the other", async () => {
  expect(await ask("no reasoning", "no own turns", "no usage")).toEqual({
    answer: "done",
    sent: ["as it was", "reasoning, as it was", "reasoning, neutral", "reasoning, usage, neutral"],
  });
});

test("what was left out and is refused all the same is the user's to read", async () => {
  expect(await ask("no usage", "no usage")).toEqual({
    answer: "no usage",
    sent: ["as it was", "usage, as it was"],
  });
});

test("what nobody can leave out is not asked for twice", async () => {
  expect(await ask("no money")).toEqual({ answer: "no money", sent: ["as it was"] });
});

test("another request under way meanwhile may be refused for the same thing, and is asked again too", async () => {
  const learned = nothingLearned();
  const asked = async () => {
    const isFirst = !learned.refused.has("usage");
    await Promise.resolve();
    if (isFirst) throw refused("no usage");
    return "done";
  };
  const two = [1, 2].map(() => askLearning(learned, [], quirks, asked));
  expect(await Promise.all(two)).toEqual(["done", "done"]);
});

test("a turn goes back as it was to the provider and the model that gave it, and to nobody else", () => {
  expect(ownTurn(native, "a", "m")).toBe("as it was");
  expect([ownTurn(native, "b", "m"), ownTurn(native, "a", "n"), ownTurn(undefined, "a", "m")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
