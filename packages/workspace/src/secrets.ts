/**
 * Names that suggest secrets: a model sees the content of such a file only when the user says so. Every form of this list, for
 * paths, for ripgrep, for grep and for git, is made from it. Each name is a glob that fits in any folder: `*` stands for any
 * characters in a name, a `**` in the middle for any folders, one at the end for everything in the folder. Names of whole files
 * end in `*`, because a copy (`.npmrc~`, `server.pem.old`) is just as secret. Letter case does not count. A name proves nothing:
 * a secret in a file of another name goes unnoticed.
 */
export const SECRETS: readonly string[] = wordsOf(
  // settings that programs start with
  ".env* .env*/** *.env .dev.vars* local.settings.json wp-config.php *.tfvars *.tfvars.json *.tfstate",
  "*.tfstate.*",
  // keys and key stores
  ".ssh/** id_rsa* id_dsa* id_ecdsa* id_ed25519* *_rsa *_ed25519 ssh_host_*_key* *.pem* *.key *.agekey",
  "*.p8 *.p12* *.pfx* *.jks* *.keystore* *.ppk* *.ovpn* .gnupg/** *.kdbx* *.keyring",
  ".local/share/keyrings/** .password-store/** wallet.dat .vault*pass*",
  // files whose names say what they hold
  "credentials credentials.json* credentials.toml credentials.y*ml credentials.xml .credentials.json",
  "credentials.db secrets.json* secrets.toml secrets.y*ml secret.json* secret.y*ml client_secret*.json",
  "*firebase-adminsdk*.json service-account*.json service_account*.json serviceaccount*.json",
  "application_default_credentials.json legacy_credentials/** access_tokens.db oauth_creds.json",
  // logins: to registries, databases, clouds, hosts of code and models, and those in a browser
  ".npmrc* .yarnrc.yml* .pypirc* pip.conf .config/pypoetry/auth.toml .bundle/config .composer/auth.json",
  ".m2/settings.xml .gradle/gradle.properties .netrc* _netrc* .pgpass* .my.cnf* .mylogin.cnf* .htpasswd*",
  ".databrickscfg* .snowflake/** .aws/** .azure/** .oci/** .kube/** kubeconfig* *.kubeconfig .terraformrc",
  "terraform.rc .terraform.d/credentials.tfrc.json .vault-token* .doppler/** .config/op/**",
  ".config/sops/** .s3cfg* .boto *rclone.conf .dockercfg* .docker/config.json",
  ".config/containers/auth.json .config/configstore/** .local/share/com.vercel.cli/** .sentryclirc",
  ".ngrok2/** .git-credentials* .config/gh/hosts.yml .config/glab-cli/** .config/github-copilot/**",
  ".copilot/config.json .claude.json .config/anthropic/** .codex/auth.json .factory/auth.json",
  ".pi/agent/auth.json .local/share/opencode/auth.json .huggingface/** .cache/huggingface/token",
  ".cache/huggingface/stored_tokens kaggle.json .mozilla/** .config/google-chrome/** cookies.sqlite",
  ".*_history fish_history",
  // a remote's URL may hold a token, and an object is a copy of any file
  ".git/**/config* .git/**/objects/**",
);

/** What looks like one of them and is written to be shared. */
const SHARED =
  /^\.env(?:[._-][\w.-]*)?[._-](?:example|sample|template|dist|defaults)$|^(?:example|sample|template)\.env$|\.pub$/i;

/**
 * Files that git, a shell, an editor or an agent obeys without being asked to. An edit to one of them is never a routine, because it
 * decides what will run at the next commit, or when the next program opens the folder. The names are globs, as above.
 */
const STEERING: readonly string[] = wordsOf(
  // git, and what starts with a commit or a push
  ".git/** .gitmodules .gitconfig .githooks/** .husky/** lefthook* .lefthook* .pre-commit-config.yaml",
  ".github/** .gitlab-ci.yml",
  // shells and editors
  ".envrc .bashrc .bash_profile .profile .zshrc .zprofile .exrc .vscode/** *.code-workspace .idea/**",
  ".zed/** .devcontainer*/**",
  // agents
  "AGENT.md AGENTS.md AGENTS.*.md CLAUDE.md CLAUDE.local.md GEMINI.md QWEN.md CRUSH.md WARP.md .rules",
  "opencode.json* .agent*/** .aider*/** .amp*/** .augment*/** .claude*/** .cline*/** .codex*/**",
  ".continue*/** .copilot*/** .crush*/** .cursor*/** .eightfold*/** .factory/** .gemini*/** .goose*/**",
  ".junie*/** .kiro/** .mcp*/** .opencode/** .pi/** .qwen*/** .roo*/** .trae/** .windsurf*/**",
);

function wordsOf(...lines: string[]): string[] {
  return lines.flatMap((line) => line.split(" "));
}

const SOURCES: Readonly<Record<string, string>> = {
  ...{ ".": "\\.", "*": "[^/]*", "/**/": "/(?:.*/)?", "/**": "(?:/.*)?" },
};

function testOf(globs: readonly string[]): RegExp {
  const sources = globs.map((glob) => glob.replace(/\/\*\*\/?|[.*]/g, (part) => SOURCES[part] ?? part));
  return new RegExp(`(?:^|/)(?:${sources.join("|")})$`, "is");
}

const secret = testOf(SECRETS);
const steering = testOf(STEERING);
const secretFolder = testOf(SECRETS.flatMap(foldersOf));

/** The folders that a glob begins with: of `.config/gh/hosts.yml` these are `.config` and `.config/gh`. */
function foldersOf(glob: string): string[] {
  const parts = glob.split("/");
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join("/"));
}

/** The names in a path, as Windows reads them: without dots and blanks at the end of each. */
const partsOf = (path: string) =>
  path.split(/[\\/]/).flatMap((part) => part.replace(/(?<![. ])[. ]+$/, "") || []);

/** Whether a path, of any form, names something that may hold secrets. By name alone: nothing is looked at. */
export function isSecret(path: string): boolean {
  const parts = partsOf(path);
  // Beside the keys in a folder of keys, what looks shared is one of them.
  if (SHARED.test(parts.at(-1) ?? "")) parts.pop();
  return secret.test(parts.join("/"));
}

/** Whether there are names that are secret only in this folder, as `config.json` is in `.docker`. */
export const holdsSecrets = (folder: string): boolean => secretFolder.test(partsOf(folder).join("/"));

/** Whether git, an editor or an agent obeys the file of that path. */
export const isSteering = (path: string): boolean => steering.test(partsOf(path).join("/"));
