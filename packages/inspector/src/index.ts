/** Traces, shown and in other forms. */
export { harOf } from "./har.ts";
export { standaloneHtml } from "./html.ts";
export { pageCode } from "./page.ts";
export { type ServedTrace, serveTrace } from "./serve.ts";
export * from "./trace.ts";
