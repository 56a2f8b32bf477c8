import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

test("an id says when, as the user's clock has it", () => {
  const files = pathToFileURL(join(import.meta.dirname, "files.ts"));
  const program = `import { newId } from "${files}"; console.log(newId(new Date("2026-11-20T23:05:09.123Z")))`;
  const env = { ...process.env, TZ: "Asia/Tokyo" };
  const id = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
    env,
    encoding: "utf8",
  });
  expect(id).toMatch(/^20261121-080509-[0-9a-f]{6}\n$/);
});
