import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { startWire, type WireServer } from "../src/index.ts";
import { dialects, hello, post, readRefusal } from "./ask.ts";

let server: WireServer | undefined;
afterEach(() => server?.close());

describe.each(dialects)("%s", (dialect) => {
  test("a request is recorded raw, parsed and read without its dialect", async () => {
    server = await startWire(dialect, [{ text: "hi" }]);
    await (await post(server, dialect)).text();
    const [request] = server.requests;
    expect(request?.raw).toBe(JSON.stringify(hello[dialect]));
    expect(request?.body).toEqual(hello[dialect]);
    expect(request?.headers["content-type"]).toBe("application/json");
    expect(request?.refusal).toBeUndefined();
    expect(request?.view).toEqual({
      system: "Be brief.",
      messages: [{ role: "user", text: "hello" }],
      tools: [
        {
          name: "read_file",
          description: "Reads a file.",
          parameters: expect.objectContaining({ required: ["path"] }),
        },
      ],
    });
  });

  test("an answer that was read to its end was not left early", async () => {
    server = await startWire(dialect, [{ text: "hi" }]);
    await (await post(server, dialect)).text();
    await server.requests[0]?.closed;
    expect(server.requests[0]?.closedEarly).toBe(false);
  });

  test.each(["headers", "text"] as const)(
    "a client that leaves while nothing comes (%s) is noticed",
    async (at) => {
      server = await startWire(dialect, [{ text: "hello", fault: { type: "stall", at } }]);
      const leaving = new AbortController();
      const answer = post(server, dialect, undefined, { signal: leaving.signal });
      answer.catch(() => undefined);
      if (at === "text") await (await answer).body?.getReader().read();
      while (server.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
      expect(server.requests[0]?.closedEarly).toBe(false);
      leaving.abort();
      await server.requests[0]?.closed;
      expect(server.requests[0]?.closedEarly).toBe(true);
    },
  );

  test("a delay ends when the client leaves", async () => {
    server = await startWire(dialect, [
      { text: "hello", fault: { type: "delay", at: "headers", ms: 3_600_000 } },
    ]);
    const leaving = new AbortController();
    const answer = post(server, dialect, undefined, { signal: leaving.signal });
    answer.catch(() => undefined);
    while (server.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    leaving.abort();
    await server.requests[0]?.closed;
    expect(server.requests[0]?.closedEarly).toBe(true);
  });

  test("a script that has run out says so", async () => {
    server = await startWire(dialect, []);
    const refusal = await readRefusal(await post(server, dialect));
    expect(refusal).toEqual({ status: 500, message: "the script is over" });
  });

  test("a function answers each request by what it asks, and its failure is told", async () => {
    server = await startWire(dialect, ({ view }, index) => {
      if (index === 1) throw new Error("no such case");
      return { text: `${view.messages.length} ${view.tools[0]?.name}` };
    });
    const text = await (await post(server, dialect)).text();
    expect(text.replaceAll(/"[^"]*delta[^"]*"/g, "")).toMatch(/1 read/);
    const refusal = await readRefusal(await post(server, dialect));
    expect(refusal).toEqual({ status: 500, message: "the script failed: no such case" });
  });

  test("an invalid request uses up no reply", async () => {
    server = await startWire(dialect, [{ text: "hi" }]);
    const { status, message } = await readRefusal(await post(server, dialect, "{"));
    expect(status).toBe(400);
    expect(server.requests[0]?.refusal).toBe(message);
    expect(server.requests[0]?.body).toBeUndefined();
    expect((await post(server, dialect)).status).toBe(200);
  });

  test("a path that the service does not have is not found", async () => {
    server = await startWire(dialect, []);
    expect((await post(server, dialect, {}, {}, "/v7/nothing")).status).toBe(404);
    expect(server.requests).toEqual([]);
    expect(server.lookUps).toEqual(["POST /v7/nothing"]);
  });

  test("closing ends open answers, and may be done twice", async () => {
    const open = await startWire(dialect, [{ text: "hello", fault: { type: "stall", at: "text" } }]);
    const answer = await post(open, dialect);
    const whole = answer.text();
    whole.catch(() => undefined);
    await open.close();
    await open.close();
    await expect(whole).rejects.toThrow("terminated");
    const socket = connect(Number(new URL(open.url).port), "127.0.0.1");
    const [error] = await once(socket, "error");
    expect(error.code).toBe("ECONNREFUSED");
  });
});

test("awkward pieces cut characters, fields and line ends, and hold several events", async () => {
  const text = "äöü — 世界 ".repeat(20);
  server = await startWire("chat", [{ text, fault: { type: "decorated" } }], { chunkBytes: "awkward" });
  const chunks: Buffer[] = [];
  for await (const chunk of (await post(server, "chat")).body ?? []) chunks.push(Buffer.from(chunk));
  const starts = chunks.slice(1).map((chunk) => chunk.toString("latin1"));
  expect(starts.some((start) => /^[\x80-\xbf]/.test(start))).toBe(true);
  expect(starts.some((start) => start.startsWith("\n"))).toBe(true);
  expect(starts.some((start) => /^(ata|ta|a)?: \{/.test(start))).toBe(true);
  expect(chunks.some((chunk) => chunk.toString().split("data:").length > 2)).toBe(true);
});

/** A client that is busy for a while whenever something comes: it counts what it finds, one line for each. */
const busyClient = `
  const socket = require("node:net").connect(Number(process.argv[1]), "127.0.0.1");
  const body = process.argv[2];
  socket.write("POST /api/chat HTTP/1.1\\r\\nhost: x\\r\\nconnection: close\\r\\ncontent-length: " +
    Buffer.byteLength(body) + "\\r\\n\\r\\n" + body);
  socket.on("data", (bytes) => {
    console.log(bytes.length);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  });
`;

test.runIf(process.platform === "linux")(
  // elsewhere nothing tells what a client has read
  "pieces that are sent apart arrive apart, however busy the client is",
  async () => {
    const lines = async (chunkBytes?: number) => {
      server = await startWire(
        "ollama",
        [{ text: "hello there" }],
        chunkBytes ? { chunkBytes, untilRead: true } : {},
      );
      const body = JSON.stringify({
        model: "qwen3.5",
        messages: [{ role: "user", content: "hi" }],
        options: { num_ctx: 8192 },
      });
      const client = spawn(process.execPath, ["-e", busyClient, new URL(server.url).port, body]);
      const sizes = (await textOf(client.stdout)).trim().split("\n").map(Number);
      await server.close();
      return sizes;
    };
    const whole = (await lines()).reduce((sum, size) => sum + size, 0);
    expect(whole).toBeGreaterThan(500);
    const sizes = await lines(50);
    expect(sizes.length).toBeGreaterThan(10);
    // Each piece of 50 bytes has "32\\r\\n" and "\\r\\n" of HTTP around it.
    expect(sizes.slice(1, -2)).toEqual(sizes.slice(1, -2).map(() => 56));
  },
);
