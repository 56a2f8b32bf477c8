import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError } from "@eightfold/core";
import { expect, onTestFinished, test, vi } from "vitest";
import { readEnvironment } from "./environment.ts";

async function dotEnv(text: string): Promise<URL> {
  const folder = await mkdtemp(join(tmpdir(), "eightfold-env-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, ".env");
  await writeFile(file, text);
  return pathToFileURL(file);
}

test("the file fills what the environment leaves out, and reaches no process", async () => {
  vi.stubEnv("EIGHTFOLD_A", "outer");
  const env = readEnvironment(
    await dotEnv("EIGHTFOLD_A=inner\nEIGHTFOLD_B='quoted' # why\nexport EIGHTFOLD_C=c\n"),
  );
  expect(env).toMatchObject({ EIGHTFOLD_A: "outer", EIGHTFOLD_B: "quoted", EIGHTFOLD_C: "c" });
  expect(process.env.EIGHTFOLD_B).toBeUndefined();
  vi.unstubAllEnvs();
});

test("a blank value takes a key away", async () => {
  vi.stubEnv("EIGHTFOLD_A", " ");
  const env = readEnvironment(await dotEnv("EIGHTFOLD_A=inner\nEIGHTFOLD_B=\n"));
  expect(env.EIGHTFOLD_A).toBeUndefined();
  expect(env.EIGHTFOLD_B).toBeUndefined();
  vi.unstubAllEnvs();
});

test("a file from Windows is read like any other", async () => {
  const env = readEnvironment(await dotEnv("\uFEFFEIGHTFOLD_A=sk-1\r\nEIGHTFOLD_B=sk-2 \r\n"));
  expect(env).toMatchObject({ EIGHTFOLD_A: "sk-1", EIGHTFOLD_B: "sk-2" });
});

test("without a file there is the environment", () => {
  vi.stubEnv("EIGHTFOLD_A", "outer");
  expect(readEnvironment(new URL("file:///nowhere/.env")).EIGHTFOLD_A).toBe("outer");
  vi.unstubAllEnvs();
});

test("a .env that is no file is an error of the user's, said in one line", async () => {
  const folder = pathToFileURL(tmpdir());
  expect(() => readEnvironment(folder)).toThrow(UsageError);
  expect(() => readEnvironment(folder)).toThrow(/\.env .* cannot be read \(EISDIR\)/);
});
