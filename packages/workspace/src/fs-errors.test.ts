import { stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../test/temp-workspace.ts";
import { fsError, fsReason } from "./fs-errors.ts";

const systemError = (code: string) => Object.assign(new Error(`${code}: words of libuv`), { code });

test.each([
  ["EACCES", "permission is denied"],
  ["EDQUOT", "the disk quota is used up"],
  ["EEXIST", "a file is in the way"],
  ["EFBIG", "the file may not become larger"],
  ["ELOOP", "it is a link"],
  ["ENOSPC", "the disk is full"],
  ["ENOTDIR", "a file is where a folder should be"],
  ["EPERM", "permission is denied"],
  ["EROFS", "the file system is read-only"],
  ["ENEW", "ENEW: words of libuv"],
])("the reason of %s is: %s", (code, reason) => {
  expect(fsReason(systemError(code))).toBe(reason);
  expect(fsReason(fsError(systemError(code), "write a"))).toBe(reason);
});

test("a model is told what was tried, why it failed, and what to do next", () => {
  expect(fsError(systemError("ENOSPC"), "write a.ts").message).toBe(
    "Cannot write a.ts: the disk is full. Ask the user to free some space.",
  );
  expect(fsError(systemError("EISDIR"), "read src").message).toBe("Cannot read src: it is a folder.");
  expect(fsError(systemError("ENEW"), "read a").message).toBe("Cannot read a: the system says ENEW.");
});

test("what is no system error stays as it is", () => {
  const error = new Error("the file was removed");
  expect(fsError(error, "write a")).toBe(error);
  expect(fsReason(error)).toBe("the file was removed");
  expect(fsReason("a string")).toBe("a string");
});

test("the system's own errors have their code", async () => {
  const folder = await tempFolder();
  await symlink("loop", join(folder, "loop"));
  const error = await stat(join(folder, "loop")).catch((thrown: unknown) => thrown);
  expect(fsReason(error)).toBe("it is a link");
});
