import { expect, test } from "vitest";
import { startOnScreen } from "./fixtures/emulator.ts";

test.each(["/exit", "/QUIT", " /exit ", "exit", "Quit"])("%j leaves, with exit code 0", async (line) => {
  const leaves = async (agent: string) => {
    const terminal = startOnScreen([], { agent });
    await terminal.prompted(0);
    terminal.type(`${line}\r`);
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.page().join("\n")).not.toContain("asked");
  };
  await Promise.all(["agent", "commands-agent"].map(leaves));
});

const keysHelp = [
  "",
  "Esc stops the turn · what you type meanwhile waits, and Up takes it back ·",
  "Ctrl-R finds an earlier request · / lists commands: Tab takes one, arrows",
  "select · Ctrl-G opens the line in your editor · Ctrl-O shows results and",
  "thoughts in full · \\ at the end of a line continues it on the next · Ctrl-D",
  "leaves",
];

test("/help lists the terminal's own commands and the keys", async () => {
  const terminal = startOnScreen([], { agent: "agent" });
  await terminal.prompted(0);
  terminal.type("/help\r");
  await terminal.prompted(1);
  expect(terminal.page().slice(5, -2)).toEqual([
    "",
    "• /help this list",
    "• /exit leave (so does Ctrl-D)",
    "• /quit leave",
    ...keysHelp,
  ]);
});

test("/help lists the agent's commands between them, and the paths that are offered", async () => {
  const terminal = startOnScreen();
  await terminal.prompted(0);
  terminal.type("/help me\r");
  await terminal.prompted(1);
  const page = terminal.page();
  expect(page.slice(6, 11).map((line) => line.split(" ")[1])).toEqual([
    "/help",
    "/model",
    "/usage",
    "/exit",
    "/quit",
  ]);
  expect(page.join(" ")).toContain("/ lists commands and @ paths: Tab takes one");
});

test.each(["/help me", "/exit now", "/usage", "please /exit"])(
  "where an agent has no commands, %j is a request",
  async (line) => {
    const terminal = startOnScreen([], { agent: "agent" });
    await terminal.prompted(0);
    terminal.type(`${line}\r`);
    await terminal.until(`asked "${line}"`);
  },
);

test.each([
  ["/modle", "There is no command /modle. Did you mean /model?"],
  ["/exit now", "/exit takes no words after it."],
  ["/usage 2", "/usage takes no words after it."],
])("%j is told to be wrong, and nothing is sent", async (line, message) => {
  const terminal = startOnScreen();
  await terminal.prompted(0);
  terminal.type(`${line}\r`);
  await terminal.until(message);
  terminal.type("exit the loop early\r");
  await terminal.until('asked "exit the loop early"');
  expect(terminal.page().join("\n")).not.toContain(`asked "${line}"`);
});

test.each([
  ["/us", "You have not asked anything yet."],
  ["/MO other", "The model is other."],
])("%j is the only command that begins like that", async (line, answer) => {
  const terminal = startOnScreen();
  await terminal.prompted(0);
  terminal.type(`${line}\r`);
  await terminal.until(answer);
  expect(terminal.page().join("\n")).not.toContain("There is no command");
});

test("a flag that the banner names is a slash command inside a conversation, where the agent has it", async () => {
  const terminal = startOnScreen();
  await terminal.prompted(0);
  expect(terminal.page().join(" ")).toContain("/model changes it");
  const without = startOnScreen([], { agent: "agent" });
  await without.prompted(0);
  expect(without.page().join(" ")).toContain("--model changes it");
});
