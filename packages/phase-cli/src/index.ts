/** What the phases are on disk, and whether they are what they declare. */
export { type Declaration, readDeclaration, undeclared } from "./declarations.ts";
export { filesBelow, findPhases, type Phase, repoRoot } from "./phases.ts";
