import { mkdirSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { phase, temporaryRepo } from "../test/temporary-repo.ts";
import { repoRoot } from "./phases.ts";
import { bundled, bundlePath, importerOf } from "./start.ts";

/** A repo whose one phase is `code`, with the packages that ours import and, if `withBundles`, their bundles. */
function repoWith(code: string, withBundles = true): string {
  const root = temporaryRepo({ "1-one": { declares: {}, files: { "src/main.ts": code } } });
  for (const specifier of bundled) {
    const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
    const installed = join(importerOf(repoRoot, specifier), "node_modules", name);
    link(installed, join(importerOf(root, specifier), "node_modules", name));
    link(installed, join(root, "phases/1-one/node_modules", name));
  }
  const bundles = dirname(bundlePath(root, "openai"));
  if (withBundles) link(dirname(bundlePath(repoRoot, "openai")), bundles);
  return root;
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, "junction");
}

/** What the phase prints, started as `pnpm phase 1 start` starts it. */
function started(code: string, withBundles = true): unknown {
  const { stdout, stderr } = phase(repoWith(code, withBundles), ["1", "start"]);
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

interface Found {
  readonly url: string;
  readonly exports: unknown;
}

/** What a phase finds of each package: where it is, and what it exports. One start tells it of all. */
function findAll(withBundles: boolean): Record<string, Found> {
  const code = `${bundled.map((specifier, index) => `import * as all${index} from ${JSON.stringify(specifier)};`).join("\n")}
    const exportsOf = (all) => Object.entries(all).filter(([name]) => name !== "module.exports" && name !== "__esModule")
      .map(([name, value]) => [name, typeof value, value?.name ?? ""]).sort();
    const found = [${bundled.map((specifier, index) => `[${JSON.stringify(specifier)}, all${index}]`)}]
      .map(([specifier, all]) => [specifier, { url: import.meta.resolve(specifier), exports: exportsOf(all) }]);
    console.log(JSON.stringify(Object.fromEntries(found)));`;
  return started(code, withBundles) as Record<string, Found>;
}

let found: { readonly bundles: Record<string, Found>; readonly packages: Record<string, Found> } | undefined;
const findOnce = () => {
  found ??= { bundles: findAll(true), packages: findAll(false) };
  return found;
};

describe.each(bundled)("the bundle of %s", (specifier) => {
  test("is what a phase loads, and without it the package", () => {
    const { bundles, packages } = findOnce();
    expect(bundles[specifier]?.url).toMatch(
      new RegExp(`/${basename(bundlePath(repoRoot, specifier)).replaceAll("+", "\\+")}$`),
    );
    expect(packages[specifier]?.url).toContain(
      `/node_modules/${specifier.split("/").slice(0, -1).join("/")}`,
    );
  });

  test("exports what the package does, under the same names", () => {
    const { bundles, packages } = findOnce();
    expect(bundles[specifier]?.exports).toEqual(packages[specifier]?.exports);
    expect(bundles[specifier]?.exports).not.toEqual([]);
  });
});

test("an error of an SDK is an instance of the class that the SDK exports", () => {
  const code = `import { createServer } from "node:http";
    import OpenAI from "openai";
    import { ApiError, GoogleGenAI } from "@google/genai/web";
    const server = createServer((_, response) => response.writeHead(401).end("{}")).listen(0);
    const baseURL = "http://127.0.0.1:" + server.address().port;
    const refused = (promise) => promise.then(() => "no error", (error) => error);
    const openai = await refused(new OpenAI({ apiKey: "key", baseURL, maxRetries: 0 }).models.list());
    const genai = new GoogleGenAI({ apiKey: "key", httpOptions: { baseUrl: baseURL } });
    const gemini = await refused(genai.models.generateContent({ model: "m", contents: "hi" }));
    console.log(JSON.stringify([openai instanceof OpenAI.AuthenticationError, openai.status, gemini instanceof ApiError, gemini.status]));
    server.close();`;
  expect(started(code)).toEqual([true, 401, true, 401]);
});

test("the bundled check of a tool's input says the same of an error", () => {
  const code = `import { Errors } from "typebox/schema";
    const schema = { type: "object", properties: { limit: { type: "integer", maximum: 9 } }, required: ["path"] };
    console.log(JSON.stringify([{ limit: 10 }, { limit: 1.5, path: "a" }, { path: "a" }].map((input) => Errors(schema, input))));`;
  const said = started(code);
  expect(said).toEqual(started(code, false));
  expect(said).toMatchObject([
    [false, [{ keyword: "required" }, { keyword: "maximum" }]],
    [false, [{}]],
    [true, []],
  ]);
});
