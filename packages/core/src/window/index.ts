/** What a request takes of a window, and how a long log is shown in fewer tokens. */
export { messageTokens, type RequestTokens, requestTokens } from "../model/tokens.ts";
export { drawShares } from "../terminal/rich/shares.ts";
export { shrink, tailStart } from "./room.ts";
export { type Shrinking, shown } from "./shown.ts";
