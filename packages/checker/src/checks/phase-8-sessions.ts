import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { CTRL_D } from "../agent-terminal.ts";
import { editFile, readFile, runBash, writeFile } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectBytes, expectEqual, expectNoText, expectText, expectThat } from "../expect.ts";
import { lastUserText, resultsIn, transcript } from "../requests.ts";
import { waitFor } from "../wait.ts";
import type { Workbench } from "../workbench.ts";

/** A session outlives its process, and its changes can be taken back. */
export const sessions: readonly Check[] = [
  check("8.resumes", "--resume latest goes on where the last process ended", async (bench) => {
    await bench.put({ "a.txt": "one\n" });
    await bench.serve([
      { calls: [readFile("a.txt")] },
      { text: "It says one." },
      { text: "As I said: one." },
    ]);
    await bench.run(["what is in a.txt?"]);
    const { code } = await bench.run(["--resume", "latest", "and again?"]);
    expectEqual(code, 0, "exit code");
    const last = bench.requests.at(-1);
    expectText(transcript(last), /what is in a\.txt\?.*It says one\..*and again\?/s, "the request");
    expectText(resultsIn(last)[0], "one", "the result of the first process");
  }),

  check("8.says-its-name", "who leaves a conversation is told how to go on with it", async (bench) => {
    await bench.serve((_, index) => ({ text: `Answer ${index}.` }));
    const terminal = await bench.converse();
    await terminal.ask("Hello.");
    await terminal.shows("Answer 0.");
    await terminal.prompt();
    terminal.press(CTRL_D);
    await terminal.end();
    const [, id = ""] = /--resume (\S+)/.exec(terminal.screen) ?? [];
    await bench.run(["--resume", id, "And now?"]);
    expectText(transcript(bench.requests.at(-1)), /Hello\..*Answer 0\..*And now\?/s, "the request");
  }),

  check("8.resumed-mode", "what the model may do is what the process that resumes says", async (bench) => {
    await bench.serve((_, index) => ({ text: `Answer ${index}.` }));
    const terminal = await bench.converse();
    await terminal.ask("/approval never");
    await terminal.ask("Hello.");
    await terminal.shows("Answer 0.");
    await terminal.prompt();
    terminal.press(CTRL_D);
    await terminal.end();
    await bench.run(["--resume", "latest", "--approval", "auto", "And now?"]);
    expectText(
      transcript(bench.requests.at(-1)),
      /Only reading.*run without a question.*And now/s,
      "the request",
    );
  }),

  check("8.killed", "a process that is killed in a tool leaves a session that goes on", async (bench) => {
    await bench.serve((request) =>
      lastUserText(request).includes("And now?")
        ? { text: "On we go." }
        : { text: "I wait.", calls: [runBash("echo first"), runBash("touch started; sleep 300")] },
    );
    const agent = bench.start(["Begin."]);
    await waitFor("the second command", () => existsSync(join(bench.folder, "started")));
    await waitFor("the first result on the screen", () => agent.stderr.includes("echo first"));
    agent.kill();
    await agent.end();
    const { code } = await bench.run(["--resume", "latest", "And now?"]);
    expectEqual(code, 0, "exit code");
    const [first, second] = resultsIn(bench.requests.at(-1));
    expectText(first, "first", "the result that was on the screen");
    expectText(second, /interrupted|not finished/i, "a result for the call that was under way");
  }),

  check("8.lists-sessions", "--sessions lists them, with their first requests", async (bench) => {
    await bench.serve(() => ({ text: "Well." }));
    await bench.run(["the first of all"]);
    await bench.run(["another one"]);
    const { stdout, code } = await bench.run(["--sessions"]);
    expectEqual(code, 0, "exit code");
    expectText(stdout, /another one[\s\S]*the first of all/, "the last used first");
    const [id = ""] = /\d{8}-\d{6}-\w{6}/.exec(stdout) ?? [];
    await bench.run(["--resume", id, "once more"]);
    expectText(transcript(bench.requests.at(-1)), "another one", "the session that was named");
  }),

  check("8.no-such-session", "a session that is none is refused, and so is a path", async (bench) => {
    const wire = await bench.serve(() => ({ text: "hello" }));
    await bench.run(["hello"]);
    for (const id of ["../x", "20200101-000000-aaaaaa", "last"]) {
      const { code, stderr } = await bench.run(["--resume", id, "go"]);
      expectEqual(code, 2, `exit code of --resume ${id}`);
      expectText(stderr, /session/, "a message");
    }
    expectEqual(wire.requests.length, 1, "requests");
  }),

  check("8.one-writer", "two processes cannot write one session", async (bench) => {
    await bench.serve((_, index) =>
      index === 0 ? { text: "Hello." } : { text: "slowly", fault: { type: "stall", at: "text" } },
    );
    await bench.run(["hello"]);
    const first = bench.start(["--resume", "latest", "take your time"]);
    await waitFor("its request", () => bench.requests.length === 2);
    const { code, stderr } = await bench.run(["--resume", "latest", "me too"]);
    expectEqual(code, 2, "exit code of the second");
    expectText(stderr, /process|in use/i, "a message");
    first.kill();
  }),

  check("8.undo", "/undo puts back what the last turn's tools changed, once", async (bench) => {
    await bench.put({ "a.txt": "one\r\ntwo\r\n" });
    await bench.serve([
      { calls: [readFile("a.txt")] },
      { calls: [editFile("a.txt", "two", "three"), writeFile("new/b.txt", "new\n")] },
      { text: "Changed." },
      { text: "I see." },
    ]);
    const terminal = await bench.converse();
    await terminal.ask("Change it.");
    await terminal.shows("Changed.");
    expectBytes(await bench.read("a.txt"), "one\r\nthree\r\n", "a.txt after the turn");
    await terminal.ask("/undo");
    await terminal.ask("And now?");
    await terminal.shows("I see.");
    expectBytes(await bench.read("a.txt"), "one\r\ntwo\r\n", "a.txt after /undo");
    expectThat(!existsSync(join(bench.folder, "new/b.txt")), "no file new/b.txt", "it is there");
    expectText(transcript(bench.requests.at(-1)), /user: .*undid.*a\.txt/s, "what the model is told");
  }),

  check("8.undo-refuses", "/undo refuses where a file has changed since", async (bench) => {
    await bench.serve([{ calls: [writeFile("a.txt", "one\n")] }, { text: "Written." }]);
    const terminal = await bench.converse();
    await terminal.ask("Write it.");
    await terminal.shows("Written.");
    await bench.put({ "a.txt": "the user's own\n" });
    await terminal.ask("/undo");
    await terminal.shows("changed since");
    expectBytes(await bench.read("a.txt"), "the user's own\n", "a.txt");
  }),

  check("8.reset", "/reset begins another session, in a file of its own", async (bench) => {
    await bench.serve((_, index) => ({ text: `Answer ${index}.` }));
    const terminal = await bench.converse();
    await terminal.ask("Remember Ada.");
    await terminal.shows("Answer 0.");
    await terminal.ask("/reset");
    await terminal.ask("Who was it?");
    await terminal.shows("Answer 1.");
    expectNoText(transcript(bench.requests[1]), ["Ada"], "the request after /reset");
    await terminal.prompt();
    terminal.press(CTRL_D);
    await terminal.end();
    expectEqual((await sessionFiles(bench)).length, 2, "session files");
  }),
];

async function sessionFiles({ state }: Workbench): Promise<string[]> {
  const files = await readdir(state, { recursive: true });
  return files.filter((name) => name.endsWith(".jsonl"));
}
