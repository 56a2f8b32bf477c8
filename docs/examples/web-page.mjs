// An agent in a browser: a page, and a stream of what `--output json` prints.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { createInterface } from "node:readline";

const PAGE = `<!doctype html><title>Eightfold</title><form><input name="q" size="60"></form><pre></pre><script>
document.forms[0].onsubmit = (event) => {
  event.preventDefault();
  const events = new EventSource("/turn?" + new URLSearchParams(new FormData(event.target)));
  const show = (text) => document.querySelector("pre").append(text);
  events.onmessage = ({ data }) => {
    const { type, text, call, result, exitCode } = JSON.parse(data);
    if (type === "text_delta") show(text);
    if (type === "tool_start") show("\\n• " + call.name + " " + JSON.stringify(call.input));
    if (type === "tool_end") show(" → " + result.summary + "\\n");
    if (type === "result") events.close(show("\\n(exit code " + exitCode + ")\\n"));
  };
  events.onerror = () => events.close(); // it would ask again, and so run the request again
};
</script>`;

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  if (pathname !== "/turn") return response.setHeader("content-type", "text/html; charset=utf-8").end(PAGE);
  // A page of somebody else's must not start it.
  if (request.headers["sec-fetch-site"] !== "same-origin") return response.writeHead(403).end();
  response.setHeader("content-type", "text/event-stream");
  const words = ["phases/8-context/src/main.ts", "--output", "json", "--", searchParams.get("q")];
  const agent = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  createInterface({ input: agent.stdout }).on("line", (line) => response.write(`data: ${line}\n\n`));
  agent.stdout.on("end", () => response.end());
  response.on("close", () => agent.kill("SIGINT"));
});
server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
