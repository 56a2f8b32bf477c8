import { nobody, sendJson, serve } from "@eightfold/core/test/scratch-server";
import { withoutTimeLimit } from "@eightfold/core/test/without-time-limit";
import { expect, test } from "vitest";
import { openOllama } from "./index.ts";
import { findOllamaModel, likeliestFirst, ollamaHost } from "./server.ts";

const GB = 1e9;
const installed = (name: string, size: number) => ({ name, model: name, size, details: {} });

/** An Ollama with these models, of which the given ones can use tools. */
function ollamaWith(models: readonly object[], withTools: readonly string[]) {
  withoutTimeLimit();
  return serve(({ path, body }, response) => {
    if (path === "/api/tags") return sendJson(response, 200, { models });
    const capabilities = ["completion", ...(withTools.includes(String(body.model)) ? ["tools"] : [])];
    return sendJson(response, 200, { capabilities });
  });
}

test("the latest model that can use tools, and no further questions", async () => {
  const models = [
    installed("gemma2:9b", 5 * GB),
    installed("qwen3:8b", 5 * GB),
    installed("llama3:8b", 5 * GB),
  ];
  const server = await ollamaWith(models, ["qwen3:8b", "llama3:8b"]);
  expect(await findOllamaModel({ OLLAMA_HOST: server.url })).toMatchObject({ usable: "qwen3:8b" });
  expect(server.received).toHaveLength(3);
});

test("small models after larger ones, the cloud's after this machine's", () => {
  const models = [
    installed("glm:cloud", 400),
    installed("qwen3:1.7b", 1.4 * GB),
    installed("qwen3:8b", 5 * GB),
  ];
  expect(likeliestFirst(models as never)).toEqual(["qwen3:8b", "qwen3:1.7b", "glm:cloud"]);
});

test.each([
  ["none installed", []],
  ["none that can use tools", ["gemma2:2b"]],
])("%s: none is usable", async (_, names) => {
  const server = await ollamaWith(
    names.map((name) => installed(name, 2 * GB)),
    [],
  );
  expect(await findOllamaModel({ OLLAMA_HOST: server.url })).toEqual({ installed: names });
});

test.each([await nobody(), "no address", "host.invalid"])(
  "OLLAMA_HOST=%s: nothing is found, and nothing thrown",
  async (host) => {
    expect(await findOllamaModel({ OLLAMA_HOST: host })).toBeUndefined();
  },
);

test("one that runs is found also by a process that was busy when it answered", async () => {
  const server = await ollamaWith([installed("qwen3:8b", 5 * GB)], ["qwen3:8b"]);
  const found = findOllamaModel({ OLLAMA_HOST: server.url });
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
  expect(await found).toMatchObject({ usable: "qwen3:8b" });
});

test("a server that accepts and says nothing does not keep the user waiting", async () => {
  const server = await serve(() => {});
  expect(await findOllamaModel({ OLLAMA_HOST: server.url })).toBeUndefined();
});

test("opened without a name, the provider says which model it took", async () => {
  const server = await ollamaWith([installed("qwen3:8b", 5 * GB)], ["qwen3:8b"]);
  expect((await openOllama(undefined, { OLLAMA_HOST: server.url })).name).toBe("qwen3:8b");
});

test("opened without a name and without a fitting model, it lists what there is", async () => {
  const server = await ollamaWith([installed("gemma2:2b", 2 * GB), installed("phi:2.7b", 2 * GB)], []);
  const opened = openOllama(undefined, { OLLAMA_HOST: server.url });
  await expect(opened).rejects.toMatchObject({
    name: "UsageError",
    message: expect.stringContaining("gemma2:2b, phi:2.7b"),
  });
  const empty = await ollamaWith([], []);
  await expect(openOllama(undefined, { OLLAMA_HOST: empty.url })).rejects.toThrow("ollama pull");
});

test("a model that cannot be described hides no other, and is told where there is none", async () => {
  withoutTimeLimit();
  const server = await serve(({ path, body }, response) => {
    if (path === "/api/tags")
      return sendJson(response, 200, { models: [{ name: "broken" }, { name: "fine" }] });
    if (body.model === "fine" && isFine) return sendJson(response, 200, { capabilities: ["tools"] });
    return sendJson(response, 500, { error: "blob is missing" });
  });
  let isFine = true;
  const env = { OLLAMA_HOST: server.url };
  expect((await findOllamaModel(env))?.usable).toBe("fine");
  expect((await openOllama(undefined, env)).name).toBe("fine");
  isFine = false;
  await expect(openOllama(undefined, env)).rejects.toThrow("500: blob is missing");
});

test("opened without a name and without a server, it says how to start one", async () => {
  const opened = openOllama(undefined, { OLLAMA_HOST: await nobody() });
  await expect(opened).rejects.toMatchObject({
    name: "UsageError",
    message: expect.stringContaining("ollama serve"),
  });
});

test.each([
  [undefined, "http://127.0.0.1:11434"],
  ["", "http://127.0.0.1:11434"],
  ["  gpu-box  ", "http://gpu-box:11434"],
  ['"gpu-box"', "http://gpu-box:11434"],
  ["gpu-box:8080", "http://gpu-box:8080"],
  [":8080", "http://127.0.0.1:8080"],
  ["0.0.0.0", "http://127.0.0.1:11434"],
  ["0.0.0.0:8080", "http://127.0.0.1:8080"],
  ["http://0.0.0.0:11434/", "http://127.0.0.1:11434"],
  ["localhost:", "http://localhost:11434"],
  ["gpu-box:port", "http://gpu-box:11434"],
  ["gpu-box:70000", "http://gpu-box:11434"],
  ["http://gpu-box", "http://gpu-box:80"],
  ["https://gpu-box", "https://gpu-box:443"],
  ["HTTPS://gpu-box/", "https://gpu-box:443"],
  ["https://gpu-box:8443/ollama/", "https://gpu-box:8443/ollama"],
  ["gpu-box/ollama", "http://gpu-box:11434/ollama"],
  ["ollama.com", "https://ollama.com:443"],
  ["::1", "http://[::1]:11434"],
  ["[::1]", "http://[::1]:11434"],
  ["[::1]:8080", "http://[::1]:8080"],
  ["::", "http://[::1]:11434"],
  ["http://[::]:8080", "http://[::1]:8080"],
  ["fe80::1", "http://[fe80::1]:11434"],
])("OLLAMA_HOST=%s is %s", (value, url) => {
  expect(ollamaHost(value)).toBe(url);
});

test.each(["my host", "ftp://gpu-box", "me:secret@gpu-box", "gpu-box?x=1"])(
  "%s is refused, and not quoted",
  (value) => {
    expect(() => ollamaHost(value)).toThrow(/^OLLAMA_HOST is not an address\. It looks like/);
  },
);
