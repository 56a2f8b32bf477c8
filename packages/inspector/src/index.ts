/** Traces, shown. */
export { standaloneHtml } from "./html.ts";
export { pageCode } from "./page.ts";
export { type ServedTrace, serveTrace } from "./serve.ts";
