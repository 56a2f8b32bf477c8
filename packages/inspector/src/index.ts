/** Traces, read. */
export { harOf } from "./har.ts";
export * from "./trace.ts";
