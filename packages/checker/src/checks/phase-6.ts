import type { Check } from "../check.ts";
import { commands } from "./phase-6-commands.ts";
import { modelSwitch } from "./phase-6-models.ts";
import { prompt } from "./phase-6-prompt.ts";
import { repeats } from "./phase-6-repeats.ts";
import { stops } from "./phase-6-stops.ts";

/** A system prompt that knows the project, and a terminal to live in. */
export const phase6: readonly Check[] = [...prompt, ...repeats, ...commands, ...modelSwitch, ...stops];
