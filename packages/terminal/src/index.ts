export type { Answer, Question } from "./ask.ts";
export { readCommandLine } from "./command-line.ts";
export { aboutPhase, commandLine } from "./help.ts";
export { runMain } from "./run-main.ts";
export { chooseSessionRow, drawSessions, drawShares, lastExchanges, type SessionRow } from "./sessions.ts";
export { openTerminal, type Terminal } from "./terminal.ts";
export type { Turn, TurnEvent } from "./turn.ts";
export { fitColumns } from "./width.ts";
