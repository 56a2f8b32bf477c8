import { files } from "./files.ts";
import type { Programs } from "./program.ts";
import { scripts } from "./scripts.ts";
import { search } from "./search.ts";
import { system } from "./system.ts";
import { text } from "./text.ts";

/** All programs that are known to only read, but for git and what only tells its version. */
export const programs: Programs = { ...files, ...scripts, ...search, ...system, ...text };
