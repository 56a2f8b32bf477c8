/** A long log in fewer tokens: its results shrink, and it is never edited. */
export { shrink, tailStart } from "./room.ts";
export { type Shrinking, shown } from "./shown.ts";
