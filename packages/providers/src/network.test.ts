import { createServer } from "node:net";
import { nobody, sendJson, serve } from "@eightfold/core/test/scratch-server";
import { expect, onTestFinished, test } from "vitest";
import { explainNetwork } from "./http-errors.ts";
import { openFetch } from "./network.ts";

const fetchWithoutTimeLimit = openFetch({ isUnlimited: true });

/** What a request fails with, as the user reads it. */
async function failure(work: Promise<unknown>): Promise<string | undefined> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return explainNetwork(error, "The server")?.message;
}

test("a request and its answer pass as they are", async () => {
  const { url, received } = await serve((_, response) =>
    response.writeHead(201, { "content-type": "text/plain", "set-cookie": ["a=1", "b=2"] }).end("grüezi"),
  );
  const answer = await fetchWithoutTimeLimit(`${url}/v1/chat?x=1`, {
    method: "POST",
    headers: { authorization: "Bearer k", "content-type": "application/json" },
    body: '{"text":"ü"}',
  });
  expect(received).toMatchObject([
    { method: "POST", path: "/v1/chat?x=1", headers: { authorization: "Bearer k" }, body: { text: "ü" } },
  ]);
  expect(answer).toMatchObject({ status: 201, statusText: "Created", ok: true });
  expect(answer.headers.get("content-type")).toBe("text/plain");
  expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  expect(await answer.text()).toBe("grüezi");
});

test("a URL object and the least of options will do", async () => {
  const { url, received } = await serve((_, response) => response.writeHead(204).end());
  const answer = await fetchWithoutTimeLimit(new URL("/api/tags", url));
  expect([answer.status, answer.body, received[0]?.method]).toEqual([204, null, "GET"]);
});

test("a refusal is an answer", async () => {
  const { url } = await serve((_, response) => sendJson(response, 500, { error: "no memory" }));
  const answer = await fetchWithoutTimeLimit(url);
  expect([answer.ok, await answer.json()]).toEqual([false, { error: "no memory" }]);
});

test("the body comes while the server still writes", async () => {
  const rest = Promise.withResolvers<void>();
  const { url } = await serve(async (_, response) => {
    response.write("first ");
    await rest.promise;
    response.end("second");
  });
  const answer = await fetchWithoutTimeLimit(url);
  let text = "";
  for await (const piece of answer.body ?? []) {
    text += Buffer.from(piece).toString();
    rest.resolve();
  }
  expect(text).toBe("first second");
});

test("an abort ends a request that has no answer yet", async () => {
  const controller = new AbortController();
  const { url } = await serve(() => controller.abort());
  const request = fetchWithoutTimeLimit(url, { signal: controller.signal });
  await expect(request).rejects.toMatchObject({ name: "AbortError" });
});

test("an abort ends an answer in its middle", async () => {
  const controller = new AbortController();
  const { url } = await serve((_, response) => response.write("first"));
  const answer = await fetchWithoutTimeLimit(url, { signal: controller.signal });
  controller.abort();
  await expect(answer.text()).rejects.toMatchObject({ name: "AbortError" });
});

test("a connection that is cut in the middle of an answer is told as that", async () => {
  const { url } = await serve((_, response) => response.write("first", () => response.destroy()));
  const answer = await fetchWithoutTimeLimit(url);
  expect(await failure(answer.text())).toBe(
    "The server closed the connection before its reply was complete.",
  );
});

test("a server that hangs up without an answer is told as that", async () => {
  const { url } = await serve((_, response) => response.destroy());
  expect(await failure(fetchWithoutTimeLimit(url))).toBe(
    "The server closed the connection before its reply was complete.",
  );
});

test("nobody there", async () => {
  expect(await failure(fetchWithoutTimeLimit(await nobody()))).toMatch(
    /^The server is not running: nothing answers/,
  );
});

test("an answer that is no HTTP", async () => {
  const server = createServer((socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  expect(await failure(fetchWithoutTimeLimit(`http://127.0.0.1:${port}/`))).toBe(
    "The server answered with something that is no HTTP.",
  );
});
