import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError } from "@eightfold/core";
import { expect, onTestFinished, test, vi } from "vitest";
import { readEnvironment } from "./environment.ts";

async function dotEnv(text: string | Buffer): Promise<URL> {
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

test.each([
  ["UTF-16 as PowerShell writes it", Buffer.from("\uFEFFEIGHTFOLD_A=sk-1\r\n", "utf16le")],
  ["UTF-16 without its mark", Buffer.from("EIGHTFOLD_A=sk-1\r\n", "utf16le")],
  ["UTF-16 in the other order", Buffer.from("\uFEFFEIGHTFOLD_A=sk-1\r\n", "utf16le").swap16()],
  ["UTF-16 in the other order, without its mark", Buffer.from("EIGHTFOLD_A=sk-1\n", "utf16le").swap16()],
  ["YAML", "EIGHTFOLD_A: sk-1\n"],
  ["cmd", "set EIGHTFOLD_A=sk-1\r\n"],
  ["cmd, quoted", 'SET "EIGHTFOLD_A=sk-1"\r\n'],
  ["PowerShell", '$env:EIGHTFOLD_A = "sk-1"\r\n'],
  ["a shell", "export EIGHTFOLD_A='sk-1'\n"],
  ["spaces around", "  EIGHTFOLD_A = sk-1  \n"],
  ["an old Mac", "# key\rEIGHTFOLD_A=sk-1\r"],
])("a file in the words of %s is understood", async (_, text) => {
  expect(readEnvironment(await dotEnv(text)).EIGHTFOLD_A).toBe("sk-1");
});

test("what stands in a quoted value stays as it is", async () => {
  const env = readEnvironment(await dotEnv('EIGHTFOLD_A="one\ntwo"\nEIGHTFOLD_C=http://a:1/?b=c\n'));
  expect(env).toMatchObject({ EIGHTFOLD_A: "one\ntwo", EIGHTFOLD_C: "http://a:1/?b=c" });
});

test.each(["sk-0123456789\n", "my key is sk-0123456789", "OPENAI_API_KEY sk-0123456789", "sk-0123456789=="])(
  "a file in which nothing is understood is an error of the user's, and is not quoted: %j",
  async (text) => {
    const file = await dotEnv(text);
    expect(() => readEnvironment(file)).toThrow(UsageError);
    expect(() => readEnvironment(file)).toThrow(/OPENAI_API_KEY=sk-…/);
    expect(() => readEnvironment(file)).not.toThrow(/0123/);
  },
);

test.each(["", "\n", "# OPENAI_API_KEY=\n\n"])("a file that says nothing is none: %j", async (text) => {
  const file = await dotEnv(text);
  expect(() => readEnvironment(file)).not.toThrow();
});
