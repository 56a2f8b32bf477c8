import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { workspaceWith } from "../test/temp-workspace.ts";
import { completePath } from "./index.ts";

const files = {
  "README.md": "",
  "src/parse.ts": "",
  "src/deep/parser.ts": "",
  ".env": "",
  ".env.example": "",
  "keys/server.pem": "",
  "dist/out.js": "",
  "node_modules/thing/index.js": "",
  ".gitignore": "dist/\n",
};

test("a half-typed path may mean all that is listed, and no secret", async () => {
  expect(await completePath(await workspaceWith(files), "pa")).toEqual([
    ".env.example",
    ".gitignore",
    "README.md",
    "keys/",
    "src/",
    "src/deep/",
    "src/parse.ts",
    "src/deep/parser.ts",
  ]);
});

test("a folder that is named is looked into, also one that is ignored, and a link to one", async () => {
  const workspace = await workspaceWith(files);
  await symlink("src", join(workspace.root, "link"));
  expect(await completePath(workspace, "dist/o")).toEqual(["dist/out.js"]);
  expect(await completePath(workspace, "link/p")).toEqual(["link/deep/", "link/parse.ts"]);
  expect(await completePath(workspace, "./src/p")).toEqual(["./src/deep/", "./src/parse.ts"]);
});

test("nothing outside of the workspace is looked into", async () => {
  const workspace = await workspaceWith({ a: "" });
  await writeFile(join(workspace.root, "../outside"), "");
  for (const path of ["../", "/etc/", "~/"]) expect(await completePath(workspace, path)).toEqual(["a"]);
});
