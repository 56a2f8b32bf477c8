import { expect, test } from "vitest";
import { posixCandidates, windowsCandidates } from "./start-command.ts";

test("the user's own bash is preferred to the system's", () => {
  expect(posixCandidates({ PATH: "/opt/homebrew/bin:bin::/usr/bin" }, "bash")).toEqual([
    "/opt/homebrew/bin/bash",
    "/usr/bin/bash",
    "/bin/bash",
    "/usr/bin/bash",
    "/usr/local/bin/bash",
  ]);
});

test("on Windows Git's bash is looked for in its usual places, beside git, and on PATH", () => {
  const env = {
    ProgramFiles: "C:\\Program Files",
    LOCALAPPDATA: "C:\\Users\\u\\AppData\\Local",
    USERPROFILE: "C:\\Users\\u",
    Path: "D:\\Git\\cmd;C:\\msys64\\usr\\bin",
  };
  expect(windowsCandidates(env)).toEqual([
    "C:\\Program Files\\Git\\bin\\bash.exe",
    "C:\\Users\\u\\AppData\\Local\\Programs\\Git\\bin\\bash.exe",
    "C:\\Users\\u\\scoop\\apps\\git\\current\\bin\\bash.exe",
    "D:\\Git\\bin\\bash.exe",
    "D:\\Git\\cmd\\bash.exe",
    "C:\\msys64\\usr\\bin\\bash.exe",
  ]);
});

test("the bash of another system inside Windows is never taken", () => {
  const Path =
    "C:\\Windows\\System32;C:\\WINDOWS\\system32\\;C:\\Users\\u\\AppData\\Local\\Microsoft\\WindowsApps";
  expect(windowsCandidates({ Path })).toEqual([]);
});
