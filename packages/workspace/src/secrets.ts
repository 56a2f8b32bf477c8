/**
 * Names that suggest secrets: a model sees the content of such a file only when the user says so. Every form of this list, for
 * paths, for ripgrep, for grep and for git, is made from it. Each name is a glob that fits in any folder: `*` stands for any
 * characters in a name, a `**` in the middle for any folders, one at the end for everything in the folder. Names of whole files
 * end in `*`, because a copy (`.npmrc~`, `server.pem.old`) is just as secret. Letter case does not count. A name proves nothing:
 * a secret in a file of another name goes unnoticed.
 */
export const SECRETS: readonly string[] = wordsOf(
  // settings that programs start with, and what an editor keeps of any file until it is saved
  ".env* .env*/** *.env .dev.vars* local.settings.json wp-config.php *.tfvars *.tfvars.json *.tfstate",
  "*.tfstate.* .*.swp .*.swo #.*#",
  // keys and key stores
  ".ssh/** id_rsa* id_dsa* id_ecdsa* id_ed25519* *_rsa *_ed25519 ssh_host_*_key* *.pem* *.key *.key.* *.key~",
  "*.agekey *.p8 *.p12* *.pfx* *.jks* *.jceks *.keystore* *.keytab *.ppk* *.ovpn .gnupg/** *.kdbx* *.keyring",
  ".local/share/keyrings/** .password-store/** wallet.dat .vault*pass*",
  // files whose names say what they hold
  "credentials *credentials.json* credentials.toml *credentials.y*ml credentials.xml .credentials*",
  "credentials.db *secrets.json* secrets.toml *secrets.y*ml *secret.json* *secret.y*ml .secrets* client_secret*.json",
  "*firebase-adminsdk*.json *service-account*.json *service_account*.json *serviceaccount*.json token.pickle",
  "application_default_credentials.json legacy_credentials/** access_tokens.db oauth_creds.json",
  // logins: to registries, databases, clouds, hosts of code and models, and those in a browser
  ".npmrc* .yarnrc.yml* .pypirc* pip.conf .config/pypoetry/auth.toml .bundle/config .composer/auth.json",
  ".m2/settings*.xml .gradle/gradle.properties .netrc* _netrc* .curlrc .wgetrc .authinfo* .pgpass* pgpass.conf",
  ".pg_service.conf .dbt/profiles.yml .my.cnf* .mylogin.cnf* .htpasswd* .msmtprc .fetchmailrc .passwd-s3fs",
  ".smbcredentials .databrickscfg* .snowflake/** .aws/** .azure/** .oci/** .aliyun/** .kube/** kubeconfig*",
  "*.kubeconfig .terraformrc terraform.rc .terraform.d/credentials.tfrc.json .vault-token* .doppler/**",
  ".config/op/** .config/sops/** .config/doctl/** .config/hcloud/** .config/helm/** .fly/config.yml .jfrog/**",
  ".cloudflared/** .wrangler/config/** .supabase/access-token .railway/config.json .config/ngrok/** .ngrok2/**",
  ".s3cfg* .boto *rclone.conf .dockercfg* .docker/config.json .config/containers/auth.json .sentryclirc",
  ".config/configstore/** .local/share/com.vercel.cli/** .git-credentials* .config/gh/hosts.yml .config/hub",
  ".config/glab-cli/** .config/tea/** .config/github-copilot/** .copilot/config.json .claude.json",
  ".config/anthropic/** .codex/auth.json .factory/auth.json .config/cursor/auth.json .aider.conf.yml",
  ".pi/agent/auth.json .local/share/opencode/auth.json .local/share/crush/** .config/io.datasette.llm/**",
  ".huggingface/** .cache/huggingface/token .cache/huggingface/stored_tokens kaggle.json .mozilla/**",
  ".config/google-chrome/** cookies.sqlite .*_history fish_history",
  // a session holds what was allowed once, a remote's URL may hold a token, and an object is a copy of any file
  ".eightfold/sessions/** .eightfold/history .git/**/config* .git/**/objects/**",
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
  ".git/** .gitmodules .gitconfig .lfsconfig .githooks/** .husky/** lefthook* .lefthook* .pre-commit-config.yaml",
  ".overcommit.yml .lintstagedrc* lint-staged.config.* .github/** .gitlab-ci.yml .circleci/** .travis.yml",
  "azure-pipelines*.yml bitbucket-pipelines.yml .buildkite/** .forgejo/** .gitea/** .drone.yml .woodpecker*/**",
  "Jenkinsfile* appveyor.yml .appveyor.yml .cirrus.yml",
  // shells and editors
  ".envrc mise*.toml .mise*/** .config/mise*/** .bash* .profile .zsh* .zprofile .zlogin .zlogout .config/fish/**",
  ".exrc .vim*/** .nvim*/** .dir-locals*.el .helix/** .vscode/** *.code-workspace *.sublime-project .idea/**",
  ".fleet/** .vs/** .zed/** .devcontainer*/**",
  // agents
  "AGENT.md AGENTS.md AGENTS.*.md CLAUDE.md CLAUDE.local.md GEMINI.md QWEN.md CRUSH.md WARP.md .rules",
  "opencode.json* .agent*/** .aiassistant/** .aider*/** .amazonq/** .amp*/** .augment*/** .claude*/**",
  ".cline*/** .codebuddy/** .codeium/** .codex*/** .continue*/** .copilot*/** .crush*/** .cursor*/**",
  ".eightfold*/** .factory/** .firebender*/** .gemini*/** .goose*/** .gptme/** gptme.toml .grok/** .idx/**",
  ".iflow/** .junie*/** .kilo*/** .kimi*/** .kiro/** .mcp*/** .opencode/** .openhands*/** .pi/** .qoder/**",
  ".qwen*/** .roo*/** .rovodev/** .ruler/** .serena/** .sourcegraph/** .tabnine/** .trae/** .windsurf*/**",
  ".zencoder/**",
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
