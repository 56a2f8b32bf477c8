import { characters } from "./corpus-asks-characters.ts";
import { folders } from "./corpus-asks-folders.ts";
import { gitTricks } from "./corpus-asks-git.ts";
import { gitPrograms } from "./corpus-asks-git-programs.ts";
import { grammar } from "./corpus-asks-grammar.ts";
import { limits } from "./corpus-asks-limits.ts";
import { others } from "./corpus-asks-others.ts";
import { paths } from "./corpus-asks-paths.ts";
import { readings } from "./corpus-asks-readings.ts";
import { runners } from "./corpus-asks-runners.ts";
import { secrets } from "./corpus-asks-secrets.ts";
import { writers } from "./corpus-asks-writers.ts";
import type { Trick } from "./corpus-trick.ts";

/** Commands that no proof may let through: somebody has to be asked about each. */
export const asks: readonly Trick[] = [
  ...grammar,
  ...characters,
  ...writers,
  ...runners,
  ...gitTricks,
  ...gitPrograms,
  ...paths,
  ...folders,
  ...secrets,
  ...readings,
  ...others,
  ...limits,
];
