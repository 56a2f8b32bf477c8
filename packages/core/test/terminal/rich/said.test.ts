import { expect, test } from "vitest";
import { startOnScreen } from "./fixtures/emulator.ts";

test("what is said while a request is typed comes above it", async () => {
  const terminal = startOnScreen();
  await terminal.prompted(0);
  terminal.type("/tell\r");
  await terminal.prompted(1);
  terminal.type("hello\r");
  await terminal.prompted(2);
  terminal.type("half a requ");
  await terminal.until("half a requ");
  terminal.resize(79, 24);
  await terminal.until("Told meanwhile.");
  terminal.type("est\r");
  await terminal.until('asked "half a request"');
  const page = terminal.page();
  const at = page.indexOf("Told meanwhile.");
  expect(page.slice(at - 1, at + 3)).toEqual(["", "Told meanwhile.", "", "› half a request"]);
});
