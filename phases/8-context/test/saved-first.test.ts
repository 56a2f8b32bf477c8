import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defineTool, type Reversal, runTool } from "@eightfold/core";
import { planWrite, readTextPage, type Workspace } from "@eightfold/workspace";
import { contentOf, workspaceWith } from "@eightfold/workspace/test/temp-workspace";
import { expect, test } from "vitest";
import { savedFirst } from "../src/saved-first.ts";

const writeIn = (workspace: Workspace) =>
  defineTool({
    name: "write",
    description: "Write a.txt",
    input: (z) => z.object({ content: z.string() }),
    example: { content: "" },
    plan: ({ content }) => planWrite(workspace, "a.txt", content),
    run: async (_input, _signal, plan) => ({ text: (await plan.land()).path, summary: "" }),
  });

const call = { id: "1", name: "write", input: { content: "new\n" } };
const { signal } = new AbortController();

async function setup() {
  const workspace = await workspaceWith({ "a.txt": "old\n" });
  await readTextPage(workspace, "a.txt");
  const saved: { change: Reversal; file: Promise<string> }[] = [];
  const save = (change: Reversal) => void saved.push({ change, file: contentOf(workspace, "a.txt") });
  return { workspace, saved, save };
}

test("how to take a change back is saved before it lands", async () => {
  const { workspace, saved, save } = await setup();
  const permit = savedFirst(async () => undefined, save);
  await runTool([writeIn(workspace)], call, signal, permit);
  expect(saved.map(({ change }) => change)).toMatchObject([{ path: "a.txt", text: "old" }]);
  expect(await saved[0]?.file).toBe("old\n");
  expect(await contentOf(workspace, "a.txt")).toBe("new\n");
});

test("a change whose file another program changes while it is asked about is none to take back", async () => {
  const { workspace, saved, save } = await setup();
  const permit = savedFirst(async () => {
    await writeFile(join(workspace.root, "a.txt"), "the user's own\n");
    return undefined;
  }, save);
  const { text, isError } = await runTool([writeIn(workspace)], call, signal, permit);
  expect(text).toContain("has just been changed by another program");
  expect(isError).toBe(true);
  expect(saved).toEqual([]);
  expect(await contentOf(workspace, "a.txt")).toBe("the user's own\n");
});

test("a change that is refused is not saved", async () => {
  const { workspace, saved, save } = await setup();
  const permit = savedFirst(async () => "no", save);
  expect((await runTool([writeIn(workspace)], call, signal, permit)).text).toBe("Not run: no");
  expect(saved).toEqual([]);
});
