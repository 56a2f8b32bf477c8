/**
 * Names that suggest secrets: a model sees the content of such a file only when the user says so. Every form of this list, for
 * paths, for ripgrep, for grep and for git, is made from it. Each name is a glob that fits in any folder: `*` stands for any
 * characters in a name, a `**` in the middle for any folders, one at the end for everything in the folder. Names of whole files
 * end in `*`, because a copy (`.npmrc~`, `server.pem.old`) is just as secret. Letter case does not count. A name proves nothing:
 * a secret in a file of another name goes unnoticed.
 */
export const SECRETS: readonly string[] = [
  ...[".env*", ".env*/**", "*.env", ".dev.vars*", ".ssh/**", ".gnupg/**", ".aws/**", ".azure/**", ".kube/**"],
  ...["id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*", "ssh_host_*_key*"],
  ...["*.pem*", "*.key", "*.p8", "*.p12*", "*.pfx*", "*.jks*", "*.keystore*", "*.ppk*", "*.kdbx*", "*.ovpn*"],
  ...[".npmrc*", ".yarnrc.yml*", ".netrc*", "_netrc*", ".pypirc*", ".pgpass*"],
  ...[".my.cnf*", ".mylogin.cnf*", ".htpasswd*"],
  ...[".dockercfg*", ".docker/config.json", ".git-credentials*", ".config/gh/hosts.yml", ".vault-token*"],
  ...["*.tfvars", "*.tfvars.json", "*.tfstate", "*.tfstate.*"],
  ...[".terraformrc", ".terraform.d/credentials.tfrc.json"],
  ...["credentials", "credentials.json*", "credentials.toml", "credentials.y*ml", "credentials.xml"],
  ...[".credentials.json", "oauth_creds.json", "*firebase-adminsdk*.json", ".bundle/config"],
  ...["credentials.db", "access_tokens.db", "application_default_credentials.json", "legacy_credentials/**"],
  ...["secrets.json*", "secrets.toml", "secrets.y*ml", "secret.json*", "secret.y*ml", "*rclone.conf"],
  ...[".s3cfg*", ".boto", "kubeconfig*", "*_rsa", "*_ed25519"],
  ...["service-account*.json", "service_account*.json", "serviceaccount*.json", "client_secret*.json"],
  ...[".codex/auth.json", ".composer/auth.json", ".m2/settings.xml", ".gradle/gradle.properties"],
  ...[".*_history", ".password-store/**", "*.keyring", "wallet.dat", "cookies.sqlite", ".huggingface/**"],
  ...[".config/containers/auth.json", ".config/github-copilot/**", ".cache/huggingface/token"],
  // A remote's URL may hold a token, and an object is a copy of any file.
  ...[".git/**/config", ".git/**/config.worktree", ".git/**/objects/**"],
];

/** What looks like one of them and is written to be shared. */
const SHARED = /^\.env\.(?:example|sample|template|dist|defaults)$|\.pub$/i;

const SOURCES: Readonly<Record<string, string>> = {
  ...{ ".": "\\.", "*": "[^/]*", "/**/": "/(?:.*/)?", "/**": "(?:/.*)?" },
};
const secret = new RegExp(
  `(?:^|/)(?:${SECRETS.map((glob) => glob.replace(/\/\*\*\/?|[.*]/g, (part) => SOURCES[part] ?? part)).join("|")})$`,
  "is",
);

/** Whether a path, of any form, names something that may hold secrets. By name alone: nothing is looked at. */
export function isSecret(path: string): boolean {
  const parts = path.split(/[\\/]/).filter((part) => part !== "" && part !== ".");
  // Beside the keys in a folder of keys, what looks shared is one of them.
  if (SHARED.test(parts.at(-1) ?? "")) parts.pop();
  return secret.test(parts.join("/"));
}
