import { existsSync } from "node:fs";
import { join } from "node:path";
import { editFile, runBash, writeFile } from "../calls.ts";
import { type Check, check } from "../check.ts";
import { expectBytes, expectEqual, expectThat } from "../expect.ts";

export const chapter7: readonly Check[] = [
  check("7.1", "--approval edits asks about commands, .env and .git, and not about files", async (bench) => {
    const replies = [
      [writeFile("a.txt", "one\n"), editFile("a.txt", "one", "two")],
      [writeFile(".git/config", "[alias]\n"), writeFile(".env", "KEY=one\n"), runBash("touch ran")],
    ];
    await bench.serve([...replies.map((calls) => ({ calls })), { text: "done" }]);
    const { code } = await bench.run(["--approval", "edits", "go"]);
    expectEqual(code, 4, "exit code of --approval edits where nobody can be asked");
    expectBytes(await bench.read("a.txt"), "two\n", "a.txt, which changes without a question");
    for (const name of [".git/config", ".env", "ran"])
      expectThat(!existsSync(join(bench.folder, name)), `no file ${name} without a question`, "it is there");
  }),

  check("7.2", "--allow COMMAND runs that one where nobody can be asked, and no other", async (bench) => {
    await bench.serve([
      { calls: [runBash("touch ran")] },
      { calls: [runBash("touch ran; touch other")] },
      { calls: [runBash("touch other")] },
      { text: "done" },
    ]);
    const { code } = await bench.run(["--approval", "ask", "--allow", "touch ran", "go"]);
    expectThat(existsSync(join(bench.folder, "ran")), "a file ran, from the command that is allowed", "none");
    expectThat(
      !existsSync(join(bench.folder, "other")),
      "no file other, from commands that are not",
      "it is there",
    );
    expectEqual(code, 4, "exit code, since others were refused");
  }),

  check("7.3", "a forced push is denied in each mode, without a question", async (bench) => {
    const forced = [
      runBash("touch forced; git push --force"),
      runBash("touch forced; git push -f origin main"),
      runBash("touch forced && git push origin main --force"),
    ];
    await bench.serve([
      { calls: [...forced, runBash("touch ran; git push --dry-run")] },
      { text: "done" },
      { calls: forced },
      { text: "done" },
    ]);
    await bench.run(["--approval", "auto", "go"]);
    const exists = (name: string) => existsSync(join(bench.folder, name));
    expectThat(!exists("forced"), "no forced push with --approval auto", "a command with one has run");
    expectThat(exists("ran"), "a push without force that runs with --approval auto", "it has not");
    const { code } = await bench.run(["--approval", "ask", "go"]);
    expectThat(!exists("forced"), "no forced push with --approval ask", "a command with one has run");
    expectEqual(code, 0, "exit code with --approval ask: nothing was asked");
  }),
];
