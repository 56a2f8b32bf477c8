import { expect, test } from "vitest";
import { startOnScreen } from "./fixtures/emulator.ts";

test("what is said while a request is typed comes above it", async () => {
  const terminal = startOnScreen();
  await terminal.prompted(0);
  terminal.type("tell\r");
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

/** What stands between the request and the next prompt. */
async function shownFor(request: string): Promise<string[]> {
  const terminal = startOnScreen();
  await terminal.prompted(0);
  terminal.type(`${request}\r`);
  await terminal.prompted(1);
  const page = terminal.page();
  return page
    .slice(page.indexOf(`› ${request}`) + 1, -1)
    .filter((line) => line !== "" && !/ · N s$/.test(line));
}

const notice = "A summary stands for the conversation up to here.";

test("a failure that the agent gets over is not shown as an error", async () => {
  expect(await shownFor("overflow")).toEqual([notice, "On we go."]);
  expect(await shownFor("overflow twice")).toEqual([notice, "It is too long."]);
});

test("after a notice nobody is told that the model said nothing", async () => {
  expect(await shownFor("overflow silently")).toEqual([notice, "It is too long."]);
});
