import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { standaloneHtml } from "./html.ts";
import { pageCode } from "./page.ts";
import { type ServedTrace, serveTrace } from "./serve.ts";

let folder: string;
let file: string;
let served: ServedTrace;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "eightfold-inspector-"));
  file = join(folder, "run.jsonl");
  served = await serveTrace(file);
});
afterAll(async () => {
  served.close();
  await rm(folder, { recursive: true });
});

const token = () => `Bearer ${new URL(served.url).hash.replace("#token=", "")}`;
const host = () => new URL(served.url).host;

/** The status, and the first lines that come. */
function ask(
  path: string,
  headers: Record<string, string>,
  method = "GET",
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(served.url);
    const asking = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      const { statusCode: status = 0 } = response;
      const isStream = response.headers["content-type"] === "text/event-stream";
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
        if (isStream && text.includes('"turn"')) asking.destroy();
      });
      response.on("close", () => resolve({ status, text }));
    });
    asking.on("error", reject).end();
  });
}

test("lines come as they are written, each with its number, and from the one that was seen last", async () => {
  const whole = ask("/lines", { authorization: token() });
  await writeFile(file, '{"type":"trace","t":0}\n{"type":"tu');
  await appendFile(file, 'rn","t":1,"turn":1,"request":"é"}\n{"type":"cut');
  expect(await whole).toEqual({
    status: 200,
    text: 'id: 1\ndata: {"type":"trace","t":0}\n\nid: 2\ndata: {"type":"turn","t":1,"turn":1,"request":"é"}\n\n',
  });
  const rest = await ask("/lines", { authorization: token(), "last-event-id": "1" });
  expect(rest.text).toMatch(/^id: 2\n/);
});

test.for([
  ["without the token", () => ({}), 401],
  ["with another token", () => ({ authorization: "Bearer wrong" }), 401],
  ["by another name for this machine", () => ({ authorization: token(), host: "evil.example" }), 403],
  [
    "by the name of localhost",
    () => ({ authorization: token(), host: host().replace("127.0.0.1", "localhost") }),
    403,
  ],
  ["from another site's script", () => ({ authorization: token(), origin: "https://evil.example" }), 403],
  ["from another port", () => ({ authorization: token(), "sec-fetch-site": "same-site" }), 403],
  ["from another site's form", () => ({ authorization: token(), "sec-fetch-site": "cross-site" }), 403],
] as const)("a trace is not told %s", async ([, headers, status]) => {
  const answer = await ask("/lines", headers());
  expect(answer.status).toBe(status);
  expect(answer.text).not.toContain("trace");
});

test("the page itself holds nothing of the trace, takes no question but GET, and may be in no frame", async () => {
  const page = await fetch(new URL("/", served.url));
  expect(page.headers.get("content-security-policy")).toBe("frame-ancestors 'none'");
  expect(page.headers.get("access-control-allow-origin")).toBeNull();
  expect(await page.text()).toContain("connect-src 'self'");
  expect((await ask("/", {}, "POST")).status).toBe(405);
  expect((await ask("/else", {})).status).toBe(404);
});

test("a page in one file asks for nothing, and no text of a trace ends its script", async () => {
  const trace = '{"type":"trace","t":0,"title":"</script><img src=x onerror=alert(1)>"}\n';
  const html = await standaloneHtml(await pageCode(), trace);
  expect(html).not.toContain("onerror=alert");
  expect(html).not.toContain("connect-src");
  expect(html.match(/<\/script>/g)).toHaveLength(2);
  expect(html).not.toMatch(/(?:src|href)="(?!data:)/);
  expect(html).toMatch(/default-src 'none'; script-src 'sha256-[^']+'/);
});
