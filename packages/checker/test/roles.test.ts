import { expect, test } from "vitest";
import { recognise } from "../src/suite/roles.ts";
import { text, tool } from "./tools.ts";

test("tools of other agents are recognised by name and schema, and called as they want it", () => {
  const offered = [
    tool("view_image", { path: text }),
    tool("read", { filePath: text, limit: { type: "number" } }, ["filePath"]),
    tool("edit", {
      path: text,
      edits: { type: "array", items: { type: "object", properties: { oldText: text, newText: text } } },
    }),
    tool("shell", { command: { type: "array", items: text }, description: text }),
    tool("update_plan", { plan: text }),
  ];
  const found = recognise(offered, {});
  expect(found.map(({ role, name }) => `${role} ${name}`)).toEqual([
    "read view_image",
    "edit edit",
    "shell shell",
  ]);
  const [, edit, shell] = found;
  expect(edit?.call({ path: "a", old: "b", new: "c" }).input).toEqual({
    path: "a",
    edits: [{ oldText: "b", newText: "c" }],
  });
  expect(shell?.call({ command: "ls" }).input).toEqual({
    command: ["bash", "-lc", "ls"],
    description: "check",
  });
  const mapped = recognise(offered, { read: { name: "read", arguments: { path: "filePath" } } });
  expect(mapped[0]?.call({ path: "a" })).toEqual({ name: "read", input: { filePath: "a" } });
});

test("arguments that a tool requires, and no role has a word for, do not keep it from its work", () => {
  const nullable = { type: ["integer", "null"] };
  const found = recognise(
    [
      tool("read", {
        path: text,
        offset: { type: "integer", minimum: 0 },
        limit: { type: "integer", maximum: 2000 },
        encoding: { anyOf: [text, { type: "null" }] },
        page: nullable,
      }),
      tool("bash", { command: text, timeout_ms: { type: "number" } }),
    ],
    {},
  );
  expect(found.map(({ call }) => call({ path: "a", command: "ls" }).input)).toEqual([
    { path: "a", offset: 0, limit: 2000, encoding: null, page: null },
    { command: "ls", timeout_ms: 60_000 },
  ]);
});

test("a tool that does several things, as one of its arguments says, is called for each of them", () => {
  const editor = tool(
    "str_replace_editor",
    {
      command: { ...text, enum: ["view", "create", "str_replace", "insert", "undo_edit"] },
      path: text,
      file_text: text,
      old_str: text,
      new_str: text,
    },
    ["command", "path"],
  );
  const found = recognise([editor, tool("bash", { command: text })], {});
  const called = found.map(({ role, name, call }) => [
    role,
    name,
    call({ path: "a", old: "b", new: "c" }).input,
  ]);
  expect(called).toEqual([
    ["read", "str_replace_editor", { command: "view", path: "a" }],
    ["edit", "str_replace_editor", { command: "str_replace", path: "a", old_str: "b", new_str: "c" }],
    ["write", "str_replace_editor", { command: "create", path: "a" }],
    ["shell", "bash", { command: "check" }],
  ]);
});

test("tools in camel case, with lists of paths and types in capitals, are called as they want it", () => {
  const word = { type: "STRING" };
  const found = recognise(
    [
      tool("readManyFiles", { paths: { type: "ARRAY", items: word } }),
      tool("runInTerminal", { commandLine: word, isBackground: { type: "BOOLEAN" } }),
    ],
    {},
  );
  expect(found.map(({ call }) => call({ path: "a", command: "ls" }).input)).toEqual([
    { paths: ["a"] },
    { commandLine: "ls", isBackground: false },
  ]);
});
