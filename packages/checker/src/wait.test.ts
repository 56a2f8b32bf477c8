import { afterEach, expect, test } from "vitest";
import { patience, waitFor, within } from "./wait.ts";

const usual = patience.ms;
afterEach(() => {
  patience.ms = usual;
});

test("an agent that goes on showing signs of life may take longer than patience", async () => {
  patience.ms = 40;
  const end = Date.now() + 120;
  let signs = 0;
  await waitFor(
    "a long check",
    () => Date.now() > end,
    () => signs++,
  );
  expect(signs).toBeGreaterThan(0);
});

test("one that shows none is given up, and so is one that shows them for ever", async () => {
  patience.ms = 20;
  let signs = 0;
  await expect(within("its end", new Promise(() => {}))).rejects.toThrow("waited 0.02 s for its end");
  const alive = within("its end", new Promise(() => {}), () => signs++);
  await expect(alive).rejects.toThrow("waited 0.1 s for its end");
});

test("one whose pauses are long may be given longer", async () => {
  patience.ms = 20;
  let signs = 0;
  const alive = within("its end", new Promise(() => {}), () => signs++, 8);
  await expect(alive).rejects.toThrow("waited 0.16 s for its end");
});

test("what fails while it is waited for fails so", async () => {
  await expect(within("its end", Promise.reject(new Error("no such program")))).rejects.toThrow(
    "no such program",
  );
});
