/**
 * Names that tell of secrets: what is in such a file is shown to a model only when the user says so. Each is a glob
 * in which `*` stands for any run of characters and letter case does not count. A name is not proof: a secret in a
 * file of another name is not known here.
 */

/** A file or a folder, and all in it. */
export const SECRET_PLACES: readonly string[] = [".env*", ".ssh", ".gnupg", ".aws", ".azure", ".kube"];

/** A file by its own name. */
export const SECRET_NAMES: readonly string[] = [
  "*.env",
  ...["id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*"],
  ...["*.pem", "*.key", "*.p12", "*.pfx", "*.jks", "*.keystore", "*.ppk", "*.kdbx"],
  ...[".npmrc", ".netrc", "_netrc", ".pypirc", ".pgpass", ".my.cnf", ".htpasswd", ".dockercfg"],
  ...[".git-credentials", ".vault-token", ".terraformrc", ".*_history"],
  ...["credentials", "credentials.json", "credentials.toml", "credentials.y*ml", "credentials.xml"],
  ...["secrets.json", "secrets.toml", "secrets.y*ml"],
  ...["service-account*.json", "service_account*.json", "client_secret*.json"],
  ...["*.tfvars", "*.tfstate", "*.tfstate.*", "*.p8"],
];

/** Their folder makes them secret: a remote's URL may hold a token, and an object is a copy of any file. */
const SECRET_FILES =
  /(?:^|\/)(?:\.git\/(?:.*\/)?config(?:\.worktree)?|\.git\/(?:.*\/)?objects\/.*|\.docker\/config\.json)$/i;

/** What looks like one of them and is written to be shared. */
const SHARED = /^\.env\.(?:example|sample|template|dist|defaults)$|\.pub$/i;

const places = globs(SECRET_PLACES);
const names = globs(SECRET_NAMES);

/** Whether a path, of any form, names something that may hold secrets. By name alone: nothing is looked at. */
export function isSecret(path: string): boolean {
  const parts = path.split(/[\\/]/).filter((part) => part !== "" && part !== ".");
  const own = parts.at(-1) ?? "";
  if (SHARED.test(own) && !parts.slice(0, -1).some((part) => places.test(part))) return false;
  if (parts.some((part) => places.test(part)) || names.test(own)) return true;
  return SECRET_FILES.test(parts.join("/"));
}

function globs(patterns: readonly string[]): RegExp {
  const sources = patterns.map((pattern) => pattern.replaceAll(".", "\\.").replaceAll("*", ".*"));
  return new RegExp(`^(?:${sources.join("|")})$`, "is");
}
