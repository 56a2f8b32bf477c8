/**
 * Names that tell of secrets: what is in such a file is shown to a model only when the user says so. Whoever keeps
 * them out, with a test of paths or in the words of ripgrep, grep and git, makes their form of this one list.
 *
 * Each is a glob, to be found in any folder: `*` stands for any run of characters in a name, a `**` in the middle for
 * any folders, one at the end for everything in the folder. Names of whole files end in `*`, for a copy (`.npmrc~`,
 * `server.pem.old`) is as secret. Letter case does not count. A name is not proof: a secret in a file of another name is
 * not known here.
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
  ...["secrets.json*", "secrets.toml", "secrets.y*ml", "rclone.conf", ".s3cfg*", ".boto", "kubeconfig"],
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
