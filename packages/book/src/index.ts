/** The steps of the book, and what a reader has after each. */
export { differences } from "./follower.ts";
export { openRepo } from "./repo.ts";
export { programFiles, type Step, stepsOf } from "./steps.ts";
