import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const distFolder: string = join(import.meta.dirname, "../dist");

/** A built page. */
export interface BuiltPage {
  /** Its path on the site: `/02-read-tool`, `/` for the first. */
  readonly path: string;
  readonly html: string;
}

export function builtPages(): BuiltPage[] {
  return (
    readdirSync(distFolder, { recursive: true, encoding: "utf8" })
      // Those of traces are looked at by themselves.
      .filter((name) => name.endsWith(".html") && name !== "404.html" && !/^traces[\\/]/.test(name))
      .map((name) => ({
        path: `/${name
          .replaceAll("\\", "/")
          .replace(/(?:index)?\.html$/, "")
          .replace(/^index$/, "")}`,
        html: readFileSync(join(distFolder, name), "utf8"),
      }))
      .sort((one, other) => (one.path < other.path ? -1 : 1))
  );
}
