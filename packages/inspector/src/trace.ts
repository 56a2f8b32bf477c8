/** The lines of a trace, and its reader. Whatever runs in the page imports them from here. */
export * from "@eightfold/trace/read";
