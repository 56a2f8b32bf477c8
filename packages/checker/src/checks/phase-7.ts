import type { Check } from "../check.ts";
import { gate } from "./phase-7-gate.ts";
import { questions } from "./phase-7-questions.ts";

/** A gate before every call, and a user who can be asked. */
export const phase7: readonly Check[] = [...gate, ...questions];
