import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { bundler, edit, quoteAndOrigin, repoWith, started } from "../test/room-repo.ts";
import { roomBundlesFolder } from "./room-bundles.ts";

test("installs at once leave whole bundles and nothing else, and starts meanwhile find one or the other", async () => {
  const root = repoWith(quoteAndOrigin);
  const installs = Array.from({ length: 3 }, () => spawn(process.execPath, [bundler(root)]));
  const ended = Promise.all(
    installs.map(async (child) => [await text(child.stderr), await once(child, "exit")]),
  );
  const meanwhile = started(root);
  expect(await ended).toEqual(installs.map(() => ["", [0, null]]));
  expect(meanwhile).toEqual(["an HTML page", expect.stringMatching(/bundle|source/)]);
  expect(started(root)).toEqual(["an HTML page", "bundle"]);
  expect(readdirSync(roomBundlesFolder(root)).filter((name) => !/\.(mjs|mjs\.map|json)$/.test(name))).toEqual(
    [],
  );
});

test("an edit in the middle of an install is what the next start runs", async () => {
  const root = repoWith(quoteAndOrigin);
  const installing = spawn(process.execPath, [bundler(root)]);
  let [word, next] = ["HTML", "LMTH"];
  while (installing.exitCode === null) {
    edit(root, word, next);
    [word, next] = [next, word];
    await setTimeout(20);
  }
  expect(started(root)).toEqual([`an ${word} page`, "source"]);
});
