import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stateFolder } from "@eightfold/workspace";
import { expect, onTestFinished, test } from "vitest";
import { listSessions } from "../src/sessions/list-sessions.ts";

/** A workspace with these sessions, each of some records. */
async function workspaceWithSessions(sessions: Readonly<Record<string, readonly object[]>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "eightfold-records-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const folder = join(stateFolder(root), "sessions");
  await mkdir(folder, { recursive: true });
  for (const [id, records] of Object.entries(sessions)) {
    await writeFile(
      join(folder, `${id}.jsonl`),
      records.map((record) => `${JSON.stringify(record)}\n`).join(""),
    );
  }
  return root;
}

const hello = { type: "message", message: { role: "user", text: "hello" } };

test.each([
  { type: "message", message: null },
  { type: "message", message: { role: "user", text: 7 } },
  { type: "turn_end" },
  { type: "turn_end", total: null },
  { type: "turn_end", total: { turns: "x", costUsd: "y" } },
])("a session with a damaged line is listed, beside the others: %j", async (damaged) => {
  const root = await workspaceWithSessions({
    "20260101-000000-aaaaaa": [damaged],
    "20260101-000000-bbbbbb": [hello],
  });
  const table = await listSessions(root);
  expect(table).toContain("aaaaaa");
  expect(table).toContain("hello");
});

test("sessions are listed for programs too, an object a line, and none is no line", async () => {
  const total = { turns: 2, costUsd: 0.5 };
  const root = await workspaceWithSessions({
    "20260101-000000-aaaaaa": [hello, { type: "turn_end", total }],
  });
  expect(JSON.parse(await listSessions(root, "json"))).toEqual({
    id: "20260101-000000-aaaaaa",
    changedAt: expect.stringMatching(/^20\d\d-\d\d-\d\dT.*Z$/),
    turns: 2,
    costUsd: 0.5,
    request: "hello",
  });
  expect(await listSessions(await workspaceWithSessions({}), "json")).toBe("");
});
