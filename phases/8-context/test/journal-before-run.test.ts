import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  defineTool,
  type PreparedCall,
  prepareCall,
  type Reversal,
  refuseCall,
  runCall,
} from "@eightfold/core";
import { planWrite, readTextPage, type Workspace } from "@eightfold/workspace";
import { contentOf, workspaceWith } from "@eightfold/workspace/test/temp-workspace";
import { expect, test } from "vitest";
import { journalBeforeRun } from "../src/memory/undo.ts";
import { begin } from "./session-folder.ts";

const writeIn = (workspace: Workspace) =>
  defineTool({
    name: "write",
    description: "Write a.txt",
    input: { content: { type: "string" } },
    required: ["content"],
    example: { content: "" },
    plan: ({ content }) => planWrite(workspace, "a.txt", content),
    run: async (_input, _signal, plan) => ({ text: (await plan.land()).path, summary: "" }),
  });

const call = { id: "1", name: "write", input: { content: "new\n" } };
const { signal } = new AbortController();

/** A call through the steps of a turn, and what was journalled when it had not run yet. */
async function run(judge: (call: PreparedCall, root: string) => Promise<PreparedCall>) {
  const workspace = await workspaceWith({ "a.txt": "old\n" });
  await readTextPage(workspace, "a.txt");
  const session = await begin(workspace.root);
  const prepared = await prepareCall([writeIn(workspace)], call, signal);
  const journalled = await journalBeforeRun(session, await judge(prepared, workspace.root));
  const before: Reversal[] = session.changes.map(({ change }) => change);
  const content = await contentOf(workspace, "a.txt");
  const result = await runCall(journalled, signal);
  return { before, content, result, after: await contentOf(workspace, "a.txt") };
}

test("how to take a change back is journalled before it lands", async () => {
  const { before, content, after } = await run(async (prepared) => prepared);
  expect(before).toMatchObject([{ path: "a.txt", text: "old" }]);
  expect([content, after]).toEqual(["old\n", "new\n"]);
});

test("a change whose file another program changes while it is asked about is none to take back", async () => {
  const { before, result, after } = await run(async (prepared, root) => {
    await writeFile(join(root, "a.txt"), "the user's own\n");
    return prepared;
  });
  expect(result.text).toContain("has just been changed by another program");
  expect(result.isError).toBe(true);
  expect(before).toEqual([]);
  expect(after).toBe("the user's own\n");
});

test("a change that is refused is not journalled", async () => {
  const { before, result } = await run(async (prepared) => refuseCall(prepared, "Not run: no"));
  expect(result.text).toBe("Not run: no");
  expect(before).toEqual([]);
});
