import { expect, test } from "vitest";
import { colourFor } from "./code-colours.ts";

test("a block of 5,000 lines does not become slower line by line", () => {
  const colour = colourFor("js");
  let most = 0;
  for (let line = 0; line < 5_000; line++) most = Math.max(most, colour?.(`const x = ${line};`).length ?? 0);
  expect(most).toBeLessThan(20);
});
