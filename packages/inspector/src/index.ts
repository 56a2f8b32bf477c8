/** Traces, read. */
export * from "./trace.ts";
