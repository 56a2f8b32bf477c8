/** The page by itself: its trace is in the document, or comes from the server that sent the document. */
import { createApp } from "vue";
import { embeddedLines, servedLines } from "./lines.ts";
import TraceView from "./TraceView.vue";
import "./page.css";

const data = document.getElementById("trace")?.textContent;
const lines = data ? embeddedLines(data) : servedLines(location.origin, addressValue("token"));
createApp(TraceView, { lines, keepsAddress: true }).mount("#page");

/** What the address has behind `#`, which no server is sent. */
function addressValue(name: string): string {
  return new URLSearchParams(location.hash.slice(1)).get(name) ?? "";
}
