import { chmod, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  diffOfChanges,
  openWorkspace,
  planReplace,
  planWrite,
  readTextPage,
  type Workspace,
} from "@eightfold/workspace";
import { expect, test } from "vitest";
import { undo } from "../src/memory/undo.ts";
import type { Session } from "../src/sessions/session.ts";
import { assistant, begin, emptyFolder, INTERRUPTED, resume, say, user } from "./session-folder.ts";

interface Scene {
  readonly root: string;
  readonly workspace: Workspace;
  readonly session: Session;
}

async function scene(files: Readonly<Record<string, string>>): Promise<Scene> {
  const root = await emptyFolder();
  for (const [path, text] of Object.entries(files)) await writeFile(join(root, path), text);
  return { root, workspace: await openWorkspace(root), session: await begin(root) };
}

type Step =
  | (() => Promise<void>)
  | readonly [path: string, oldText: string, newText: string]
  | readonly [path: string, content: string];

/** A turn in which the tools make these changes, and commands run in between. */
async function turn({ root, workspace, session }: Scene, ...steps: readonly Step[]): Promise<void> {
  say(session, user("change it"));
  for (const step of steps) {
    if (typeof step === "function") {
      await step();
      continue;
    }
    const [path, text, newText] = step;
    if (await exists(join(root, path))) await readTextPage(workspace, path, {});
    const planned =
      newText === undefined ? planWrite(workspace, path, text) : planReplace(workspace, path, text, newText);
    const plan = await planned;
    session.append({ type: "change", change: plan.reversal });
    await plan.land();
  }
  say(session, assistant("Done."));
  session.endTurn("done", { usage: {} });
}

const exists = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  );
const text = ({ root }: Scene, path: string) => readFile(join(root, path), "utf8");

test("the last turn that changed files is undone, to the byte", async () => {
  const before = "\ufeffone\r\ntwo\nthree 😀\r\n";
  const here = await scene({ "a.txt": before, "b.txt": "b" });
  await chmod(join(here.root, "a.txt"), 0o754);
  await turn(
    here,
    ["a.txt", "three 😀", "three 😁"],
    ["b.txt", "all new"],
    ["c.txt", "c"],
    ["a.txt", "one", "1\n1"],
  );
  await turn(here); // changed nothing
  expect(await text(here, "a.txt")).not.toBe(before);

  const said = await undo(here.session, here.workspace);
  expect(said).toBe(
    "- a.txt is as it was\n- c.txt is deleted\n- b.txt is as it was\n\nWhat commands changed is not undone.",
  );
  expect(await text(here, "a.txt")).toBe(before);
  expect((await stat(join(here.root, "a.txt"))).mode & 0o777).toBe(0o754);
  expect(await text(here, "b.txt")).toBe("b");
  expect(await exists(join(here.root, "c.txt"))).toBe(false);
});

test("the model is told", async () => {
  const here = await scene({ "a.txt": "a" });
  await turn(here, ["a.txt", "b"]);
  await undo(here.session, here.workspace);
  const note = user("[The user undid your last changes of files:\n- a.txt is as it was]");
  expect(here.session.log.at(-1)).toEqual(note);
  here.session.close();
  const resumed = await resume(here.root);
  expect(resumed.notice).not.toContain(INTERRUPTED);
  expect(resumed.session.log.at(-1)).toEqual(note);
});

test("a second undo takes back the turn before, also after a resume", async () => {
  const here = await scene({ "a.txt": "1" });
  await turn(here, ["a.txt", "2"]);
  await turn(here, ["a.txt", "3"], ["a.txt", "4"]);
  await turn(here, ["a.txt", "5"]);
  await undo(here.session, here.workspace);
  expect(await text(here, "a.txt")).toBe("4");
  here.session.close();

  const { session } = await resume(here.root);
  const tomorrow = { ...here, session, workspace: await openWorkspace(here.root) };
  await undo(session, tomorrow.workspace);
  expect(await text(here, "a.txt")).toBe("2");
  await undo(session, tomorrow.workspace);
  expect(await text(here, "a.txt")).toBe("1");
  expect(await undo(session, tomorrow.workspace)).toBe(
    "There is nothing to undo: no tool has changed a file.",
  );
});

test.each([
  ["was changed", (file: string) => writeFile(file, "by the user")],
  ["was deleted", (file: string) => rm(file)],
])("where a file %s since, the whole turn stays", async (_, change) => {
  const here = await scene({ "a.txt": "a", "b.txt": "b" });
  await turn(here, ["b.txt", "B"], ["a.txt", "A"], ["c.txt", "C"]);
  await change(join(here.root, "b.txt"));
  const messages = here.session.log.length;
  await expect(undo(here.session, here.workspace)).rejects.toThrow(
    "b.txt has been changed since. Nothing was undone.",
  );
  expect(await text(here, "a.txt")).toBe("A");
  expect(await text(here, "c.txt")).toBe("C");
  expect(here.session.log).toHaveLength(messages);
});

test("a file that a command changed between two changes of a turn is left alone", async () => {
  const here = await scene({ "a.txt": "a" });
  const command = () => writeFile(join(here.root, "a.txt"), "c");
  await turn(here, ["a.txt", "b"], command, ["a.txt", "d"]);
  await expect(undo(here.session, here.workspace)).rejects.toThrow("Nothing was undone.");
  expect(await text(here, "a.txt")).toBe("d");
});

test("a change that was recorded and never made is passed over", async () => {
  const here = await scene({ "a.txt": "a", "b.txt": "b" });
  await turn(here, ["a.txt", "A"]);
  await readTextPage(here.workspace, "b.txt", {});
  say(here.session, user("and b"));
  for (const path of ["a.txt", "b.txt", "new.txt"]) {
    const plan = await planWrite(here.workspace, path, "never");
    here.session.append({ type: "change", change: plan.reversal });
  }
  here.session.endTurn("aborted", { usage: {} });
  expect(await undo(here.session, here.workspace)).toContain("as before already");
  await undo(here.session, here.workspace);
  expect(await text(here, "a.txt")).toBe("a");
});

test("the model must read a file again that was put back", async () => {
  const here = await scene({ "a.txt": "a" });
  await turn(here, ["a.txt", "b"]);
  await undo(here.session, here.workspace);
  await expect(planWrite(here.workspace, "a.txt", "c")).rejects.toThrow(/Read it again/);
});

test("what is too long to keep is not undone, and that is said", async () => {
  const here = await scene({});
  await turn(here, ["a.txt", "a".repeat(1_000_001)]);
  expect(await undo(here.session, here.workspace)).toContain("a.txt is deleted");
  await turn(here, ["a.txt", "a".repeat(1_000_001)]);
  await turn(here, ["a.txt", "b"]);
  await expect(undo(here.session, here.workspace)).rejects.toThrow("a.txt was too large to keep.");
  expect(await text(here, "a.txt")).toBe("b");
});

test("/diff shows what the tools of all turns made of a file, and names one that something else has changed", async () => {
  const stage = await scene({ "a.txt": "one\n~~~~\n", "b.txt": "b\n" });
  const changes = () => stage.session.changes;
  expect(await diffOfChanges(stage.workspace, changes())).toBe("No tool has changed a file.");
  await turn(stage, ["a.txt", "one", "two"], ["b.txt", "b", "c"]);
  await turn(stage, ["a.txt", "two", "three"], ["new.txt", "new\n"]);
  await writeFile(join(stage.root, "b.txt"), "mine\n");
  expect(await diffOfChanges(stage.workspace, changes())).toBe(
    [
      "~~~~~diff",
      "--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n-one\n+three\n ~~~~",
      "--- a/new.txt\n+++ b/new.txt\n@@ -0,0 +1,1 @@\n+new",
      "~~~~~",
      "",
      "- b.txt has been changed by something else since.",
    ].join("\n"),
  );
  await undo(stage.session, stage.workspace);
  expect(await diffOfChanges(stage.workspace, changes())).toContain("+two");
});
