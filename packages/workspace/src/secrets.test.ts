import { describe, expect, test } from "vitest";
import { workspaceWith } from "../test/temp-workspace.ts";
import { holdsSecrets, isSecret, isSteering, planRead, planWrite } from "./index.ts";

describe("a name that tells of secrets", () => {
  test.each([
    ".env",
    ".env.local",
    "./packages/api/.env.production",
    ".envrc",
    "prod.env",
    ".ENV",
    "C:\\code\\app\\.env",
    ".env/settings",
    "/home/u/.ssh/config",
    ".aws/credentials",
    "id_rsa",
    "deploy/id_ed25519_work",
    "certs/server.pem",
    "tls.KEY",
    ".npmrc",
    ".netrc",
    ".git-credentials",
    ".git/config",
    ".git/config.worktree",
    ".git/modules/parser/config",
    "parser/.git/objects/ab/cdef",
    "terraform.tfstate.backup",
    "app/config/credentials.yml",
    "terraform.tfvars",
    ".npmrc~",
    ".netrc.bak",
    "server.pem.old",
    "config/credentials.json.orig",
    "etc/ssh/ssh_host_rsa_key",
    ".password-store/mail/work.gpg",
    ".local/share/keyrings/login.keyring",
    ".cache/huggingface/token",
    ".config/github-copilot/apps.json",
    "k8s/secret.yaml",
    "secret.json",
    "kubeconfig.yaml",
    ".rclone.conf",
    "keys/deploy_rsa",
    "../.docker/config.json",
    "id_rsa.pub/../server.key. .",
    "app\\wp-config.php.",
    ".aws. /config",
    ".local/share/opencode/auth.json",
    ".gemini/oauth_creds.json",
    ".claude.json",
    ".claude/.credentials.json",
    ".config/op/config",
    ".config/sops/age/keys.txt",
    ".config/glab-cli/config.yml",
    ".mozilla/firefox/a.default/logins.json",
    ".ssh/id_ed25519_sk",
    ".git/config.lock",
    "wp-config.php",
    "local.settings.json",
    ".vault_pass.txt",
    "prod.kubeconfig",
    ".local/share/fish/fish_history",
  ])("%s", (path) => expect(isSecret(path)).toBe(true));

  test.each([
    ".env.example",
    "packages/api/.env.sample",
    ".env.local.example",
    ".env.production.template",
    "example.env",
    "src/opencode/auth.json",
    "lib/keyrings/index.ts",
    "id_rsa.pub",
    "environment.ts",
    "src/env.ts",
    "src/credentials/index.ts",
    "src/secrets.ts",
    "keyboard.ts",
    "README.md",
    ".gitignore",
    "config",
    ".git/HEAD",
    "src/objects/a.ts",
    "src/huggingface/token.ts",
    "locales/en/auth.json",
    "src/secret.ts",
    "docs/ed25519.md",
    ".",
    "",
  ])("but not: %s", (path) => expect(isSecret(path)).toBe(false));

  test("an example in a folder of keys is one of the keys", () => {
    expect(isSecret(".ssh/.env.example")).toBe(true);
  });
});

test.each([".docker", "a/.config/gh", ".git", ".git/info/x", "/home/u/.cache", ".local/share"])(
  "a folder makes secrets of names that are none elsewhere: %s",
  (path) => expect(holdsSecrets(path)).toBe(true),
);

test.each([".", "src", ".github", ".config/zed", "gh", ".vscode"])("and this one does not: %s", (path) =>
  expect(holdsSecrets(path)).toBe(false),
);

describe("what git, an editor or an agent obeys by itself", () => {
  test.each([
    ".git/hooks/pre-commit",
    "sub/.git",
    ".GIT/config",
    ".gitmodules",
    ".husky/pre-commit",
    "lefthook.yml",
    ".pre-commit-config.yaml",
    ".github/copilot-instructions.md",
    ".github/workflows/ci.yml",
    ".envrc",
    ".vscode/tasks.json",
    "app.code-workspace",
    ".idea/workspace.xml",
    ".devcontainer/devcontainer.json",
    ".devcontainer.json",
    "AGENTS.md",
    "docs/agents.md",
    "AGENTS.override.md",
    "CLAUDE.local.md",
    "GEMINI.md",
    ".cursorrules",
    ".windsurfrules",
    ".clinerules/a.md",
    ".junie/guidelines.md",
    ".aider.conf.yml",
    ".roomodes",
    ".kiro/steering/a.md",
    ".ampcode/settings.json",
    ".continue/config.yaml",
    ".agents/skills/a/SKILL.md",
    "opencode.jsonc",
    ".mcp.json",
    ".claude/settings.json",
    ".eightfold/x",
    "d\\.git\\config",
    ".git./hooks/pre-commit",
    "AGENTS.md ",
  ])("%s", (path) => expect(isSteering(path)).toBe(true));

  test.each([
    ".gitignore",
    "README.md",
    "package.json",
    "src/agents.ts",
    "docs/agent-design.md",
    "src/git/config.ts",
    "src/cursor/index.ts",
    "vscode/tasks.json",
    ".env",
    ".",
  ])("but not: %s", (path) => expect(isSteering(path)).toBe(false));
});

test.each(["d\u0001/server.pem", "line\nbreak.pem", "\u202e/.env"])(
  "a plan names the file as it is, however it is shown: %j",
  async (path) => {
    const workspace = await workspaceWith({ [path]: "KEY" });
    expect(isSecret((await planRead(workspace, path)).path)).toBe(true);
    expect(isSecret((await planWrite(workspace, `${path}.key`, "KEY")).path)).toBe(true);
  },
);

test.each([`.env${"_a".repeat(100)}!`, `d/.env${"_example".repeat(25)}!`])(
  "a name of many parts is judged at once: %s",
  (path) => expect(isSecret(path)).toBe(true),
);
