import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { modelOf, UsageError } from "@eightfold/core";
import { hear } from "@eightfold/core/test/hear";
import { nobody, sendJson, serve } from "@eightfold/core/test/scratch-server";
import { describe, expect, onTestFinished, test } from "vitest";
import { chunk, events } from "../test/openai.ts";
import { explainNetwork } from "./http-errors.ts";
import { openFetch } from "./network.ts";
import { openOpenAI } from "./openai/index.ts";

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
    "The server answered with something that is not HTTP.",
  );
});

describe("an answer that a gateway packed is unpacked", () => {
  const twice = (text: string) => brotliCompressSync(gzipSync(text));
  const packed = {
    ...{ gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, zstd: zstdCompressSync },
    "gzip, br": twice,
    "x-deflate": deflateRawSync,
  };
  const named = { gzip: deflateSync, deflate: gzipSync };
  test.each([...Object.entries(packed), ...Object.entries(named)])("%s", async (encoding, pack) => {
    const { url } = await serve((_, response) =>
      response.writeHead(200, { "content-encoding": encoding }).end(pack("grüezi ".repeat(1000))),
    );
    expect(await (await fetchWithoutTimeLimit(url)).text()).toBe("grüezi ".repeat(1000));
  });

  test("and what came of one that was cut is there to be judged", async () => {
    const { url } = await serve((_, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("hello").subarray(0, -4)),
    );
    expect(await (await fetchWithoutTimeLimit(url)).text()).toBe("hello");
  });

  test("and one that is not packed at all is told as that", async () => {
    const { url } = await serve((_, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end("hello"),
    );
    const answer = await fetchWithoutTimeLimit(url);
    expect(await failure(answer.text())).toBe("The server sent a body that cannot be decompressed.");
  });
});

describe("proxies", () => {
  const wholeReply = events(chunk({ content: "Hi." }, "stop"), "[DONE]");
  const proxy = () => serve((_, response) => response.end(wholeReply));
  const conversation = [{ role: "user", text: "hello" }] as const;

  async function ask(env: Record<string, string>) {
    const provider = await openOpenAI("m", { OPENAI_BASE_URL: "http://model.invalid/v1", ...env });
    const { reply } = await hear(modelOf(provider).stream({ conversation }, new AbortController().signal));
    return reply.error ? [reply.error.message, reply.error.hint].join("\n") : reply.message.text;
  }

  test.each(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])(
    "%s is asked for what it can reach",
    async (name) => {
      const { url, received } = await proxy();
      expect(await ask({ [name]: url })).toBe("Hi.");
      expect(received).toMatchObject([{ method: "POST", path: "http://model.invalid/v1/chat/completions" }]);
    },
  );

  test("without its http:// it is the same, and its password goes along", async () => {
    const { url, received } = await proxy();
    expect(await ask({ HTTP_PROXY: url.replace("http://", "me:secret@") })).toBe("Hi.");
    expect(received[0]?.headers["proxy-authorization"]).toBe(`Basic ${btoa("me:secret")}`);
  });

  test("for https it is asked for a tunnel, and its refusal is told without its password", async () => {
    const tunnels: string[] = [];
    const server = createHttpServer().on("connect", ({ url = "" }, socket) => {
      tunnels.push(url);
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    for (const name of ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"]) {
      const base = {
        OPENAI_BASE_URL: "https://model.invalid/v1",
        [name]: `http://me:secret@127.0.0.1:${port}`,
      };
      const said = await ask(base);
      expect(said).toMatch(/^The proxy at 127\.0\.0\.1:\d+ answered 407\nCheck .*HTTPS_PROXY/);
      expect(said).not.toContain("secret");
    }
    expect(new Set(tunnels)).toEqual(new Set(["model.invalid:443"]));
  });

  test("a proxy that does not run is named, and not the server behind it", async () => {
    const said = await ask({ HTTP_PROXY: (await nobody()).replace("http://", "http://me:secret@") });
    expect(said).toMatch(
      /^The proxy at 127\.0\.0\.1:\d+ is not running: nothing answers on port \d+\.\nCheck HTTP_PROXY/,
    );
  });

  test("NO_PROXY and this machine are reached directly", async () => {
    const { url, received } = await proxy();
    const direct = await proxy();
    expect(await ask({ HTTP_PROXY: url, OPENAI_BASE_URL: `${direct.url}/v1` })).toBe("Hi.");
    for (const NO_PROXY of ["model.invalid", ".invalid", "10.0.0.0/8, *.invalid", "model.invalid:80", "*"]) {
      expect(await ask({ HTTP_PROXY: url, NO_PROXY })).toMatch(/the host model\.invalid is not found/);
    }
    expect(received).toEqual([]);
    for (const NO_PROXY of ["del.invalid", "model.invalid:8080", "10.0.0.0/8"])
      expect(await ask({ HTTP_PROXY: url, NO_PROXY })).toBe("Hi.");
  });

  test.each([
    ["10.0.0.0/8", "http://10.1.2.3/v1", true],
    ["10.0.0.0/8", "http://11.1.2.3/v1", false],
    ["fd00::/8", "http://[fd00::1]/v1", true],
    ["fd00::1", "http://[fd00::1]/v1", true],
    ["10.0.0.0/99", "http://10.1.2.3/v1", false],
  ])("NO_PROXY=%s and %s: direct is %s", async (NO_PROXY, OPENAI_BASE_URL, isDirect) => {
    const { url, received } = await proxy();
    const provider = await openOpenAI("m", { HTTP_PROXY: url, NO_PROXY, OPENAI_BASE_URL });
    const stream = modelOf(provider).stream({ conversation }, AbortSignal.timeout(isDirect ? 200 : 60_000));
    await hear(stream);
    expect(received.length > 0).toBe(!isDirect);
  });

  test("a proxy that is no address is said before anything is sent", async () => {
    await expect(ask({ HTTP_PROXY: "ftp://me:secret@proxy" })).rejects.toThrow(UsageError);
  });
});
