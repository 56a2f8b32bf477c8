import type { Check } from "../check.ts";
import { helpers } from "./phase-8-delegate.ts";
import { headless } from "./phase-8-json.ts";
import { said } from "./phase-8-said.ts";
import { sessions } from "./phase-8-sessions.ts";
import { window } from "./phase-8-window.ts";

/** A session that stays inside its window, outlives its process and sends helpers. */
export const phase8: readonly Check[] = [...window, ...sessions, ...helpers, ...said, ...headless];
