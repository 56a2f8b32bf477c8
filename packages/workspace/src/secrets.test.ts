import { describe, expect, test } from "vitest";
import { workspaceWith } from "../test/temp-workspace.ts";
import { isSecret, planRead, planWrite } from "./index.ts";

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
  ])("%s", (path) => expect(isSecret(path)).toBe(true));

  test.each([
    ".env.example",
    "packages/api/.env.sample",
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

test.each(["d\u0001/server.pem", "line\nbreak.pem", "\u202e/.env"])(
  "a plan names the file as it is, however it is shown: %j",
  async (path) => {
    const workspace = await workspaceWith({ [path]: "KEY" });
    expect(isSecret((await planRead(workspace, path)).path)).toBe(true);
    expect(isSecret((await planWrite(workspace, `${path}.key`, "KEY")).path)).toBe(true);
  },
);
