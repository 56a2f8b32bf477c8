import { prepareCall, runCall, type Tool, type ToolCall } from "@eightfold/core";
import { expect, test } from "vitest";
import {
  emptyMemory,
  rememberNote,
  rememberRequest,
  rememberResult,
  renderMemory,
} from "../src/memory/memory.ts";
import type { SessionRecord } from "../src/sessions/session.ts";
import { note } from "../src/tools/note.ts";
import { updatePlan } from "../src/tools/update-plan.ts";
import { begin, emptyFolder, result, resume, say, user } from "./session-folder.ts";

const call = (name: string, input: Record<string, unknown>) => ({ id: "1", name, input });
const { signal } = new AbortController();
const run = async (tools: readonly Tool[], each: ToolCall) =>
  runCall(await prepareCall(tools, each, signal), signal);
const touch = (path: string, name = "read_file") => call(name, { path });

test("the last eight files are kept, the last used first, each once", () => {
  let memory = emptyMemory;
  for (const path of ["a", "b", "c", "d", "e", "f", "g", "h", "i", "c"]) {
    memory = rememberResult(memory, touch(path), result("1"));
  }
  expect(memory.files).toEqual(["c", "i", "h", "g", "f", "e", "d", "b"]);
});

test("reading, editing and writing touch a file; a failure and a command do not", () => {
  const read = rememberResult(emptyMemory, touch("a"), result("1"));
  const edited = rememberResult(read, touch("b", "edit_file"), result("1"));
  const written = rememberResult(edited, touch("c", "write_file"), result("1"));
  expect(written.files).toEqual(["c", "b", "a"]);
  expect(rememberResult(written, touch("d"), { ...result("1"), isError: true })).toBe(written);
  expect(rememberResult(written, call("run_bash", { command: "cat d" }), result("1"))).toBe(written);
  expect(rememberResult(written, touch("c"), result("1"))).toBe(written);
});

test("the sixth note takes the place of the first", () => {
  const notes = ["a", "b", "c", "d", "e", "b", "f"];
  expect(notes.reduce(rememberNote, emptyMemory).notes).toEqual(["c", "d", "e", "b", "f"]);
});

test("a long request is cut, and not through a character", () => {
  const { task } = rememberRequest(emptyMemory, `${"x".repeat(999)}😀 and more`);
  expect(task.length).toBe(1000);
  expect(task.isWellFormed()).toBe(true);
});

test("what is remembered can be read", () => {
  expect(renderMemory(emptyMemory)).toBe("");
  expect(
    renderMemory({
      task: "fix it",
      todo: [
        { step: "look", status: "done" },
        { step: "mend", status: "in_progress" },
        { step: "test", status: "pending" },
      ],
      files: ["src/a.ts"],
      notes: ["npm test"],
    }),
  ).toBe(
    "Task: fix it\n\nPlan:\n- ✓ look\n- ▸ mend\n- · test\n\nFiles, the last used first:\n- src/a.ts\n\nNotes:\n- npm test",
  );
});

test("the model's notes and its plan outlive the process", async () => {
  const root = await emptyFolder();
  const session = await begin(root);
  say(session, user("fix it"));
  const tools = [note(session.remember), updatePlan(session.remember)];
  const steps = [
    { step: "look", status: "done" },
    { step: "mend", status: "pending" },
  ];
  await run(tools, call("note", { text: "npm test" }));
  const planned = await run(tools, call("update_plan", { steps }));
  expect(planned).toMatchObject({ isError: false, summary: "1 of 2 done", diff: "✓ look\n· mend" });
  session.close();
  expect((await resume(root)).session.memory).toEqual({
    task: "",
    todo: steps,
    files: [],
    notes: ["npm test"],
  });
});

test("a plan with a status of its own is refused, and the plan stays", async () => {
  const session = await begin(await emptyFolder());
  const steps = [{ step: "look", status: "soon" }];
  const refused = await run([updatePlan(session.remember)], call("update_plan", { steps }));
  expect(refused.isError).toBe(true);
  expect(session.memory.todo).toEqual([]);
});

test("the to-do list of a session of the first edition is read", async () => {
  const root = await emptyFolder();
  const session = await begin(root);
  const memory = { task: "fix it", plan: [{ step: "look", status: "done" as const }], files: [], notes: [] };
  const before: unknown = { type: "memory", memory };
  session.append(before as SessionRecord);
  session.close();
  const { task, todo } = (await resume(root)).session.memory;
  expect({ task, todo }).toEqual({ task: "fix it", todo: memory.plan });
});
