import { expect, test } from "vitest";
import { badReply, cutOff, ModelFailure } from "./errors.ts";

test("failures carry what the reply will say", () => {
  expect(cutOff("It stopped.")).toBeInstanceOf(ModelFailure);
  expect(cutOff("It stopped.").error).toEqual({ kind: "cut_off", message: "It stopped.", retryable: true });
  expect(badReply("Empty.").error).toEqual({ kind: "bad_reply", message: "Empty.", retryable: true });
});
