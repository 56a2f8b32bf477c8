import { execFileSync } from "node:child_process";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { post, traced, traceFolder } from "../test/traced.ts";
import { textOf } from "./read.ts";
import { hideInTraces, hideSecretsIn, hideSecretsOf, safeHeaders } from "./secrets.ts";

test("a secret is asterisks wherever a piece is cut, and the length of the text stays", async () => {
  const secret = "sk-zebra/Ünïcode-7531";
  hideInTraces([secret, "short"]);
  const forms = [secret, encodeURIComponent(secret), Buffer.from(`me:${secret}`).toString("base64")];
  const said = Buffer.from(`data: ${forms.join(" | ")} short sk-zebra-crossing\n\n`);
  for (let size = 1; size < 30; size += 4) {
    const { exchanges, text } = await traced(() => {
      const exchange = post("{}");
      for (let at = 0; at < said.length; at += size) exchange?.piece(said.subarray(at, at + size));
      exchange?.end("done");
    });
    expect(text).not.toMatch(/Ünï|7531|%C3%9C|NzUzM|c2stemVicm/);
    const told = exchanges.map(textOf).join();
    expect(told).toContain(" short sk-zebra-crossing");
    expect(Buffer.byteLength(told)).toBe(said.length);
  }
});

test.each([1, 2, 3, 7])(
  "a key that a model says in words of %d letters is whole in no text that is put together",
  async (size) => {
    const key = "sk-word-by-word/é-24680";
    hideInTraces([key]);
    const words = `It is ${key}, says sk-`.match(new RegExp(`.{1,${size}}`, "gs")) ?? [];
    const events = words.map(
      (word) => `event: x\ndata: {"type":"delta","item":"i1","text":${JSON.stringify(word)}}\n\n`,
    );
    const { exchanges, text } = await traced(() => {
      const exchange = post("{}");
      for (const event of events) exchange?.piece(Buffer.from(event));
      exchange?.end("done");
    });
    const told = exchanges.map(textOf).join();
    const said = Array.from(told.matchAll(/"text":("[^"]*")/g), ([, word = ""]) => JSON.parse(word)).join("");
    expect(said).toMatch(/^It is .{0,3}\*{20,}, says sk-$/);
    expect(text).not.toContain("24680");
    expect(Buffer.byteLength(told)).toBe(Buffer.byteLength(events.join("")));
  },
);

test("each piece of a response that begins no key has its own time", async () => {
  hideInTraces(["sk-word-by-word/é-24680"]);
  const { exchanges } = await traced(() => {
    const exchange = post("{}");
    for (const word of ["This ", "is", " a long", " mask"])
      exchange?.piece(Buffer.from(`data: {"text":"${word}"}\n\n`));
  });
  expect(exchanges[0]?.pieces).toHaveLength(4);
});

test("a body in one line of a megabyte comes through whole, in pieces, and a key in it is asterisks wherever it lies", async () => {
  const key = "sk-within-a-long-line-13579";
  hideInTraces([key]);
  const body = Array.from(
    { length: 9000 },
    (_, index) => `${"ä👋".repeat(index % 7)}${key.slice(0, index % 30)}${key},`,
  ).join("");
  const bytes = Buffer.from(`{"text":"\\q\\u12 ${body}`);
  const { exchanges, text } = await traced(() => {
    const exchange = post("{}");
    for (let at = 0; at < bytes.length; at += 5000) exchange?.piece(bytes.subarray(at, at + 5000));
    exchange?.end("done");
  });
  const told = exchanges.map(textOf).join();
  expect(Buffer.byteLength(told)).toBe(bytes.length);
  expect(exchanges[0]?.pieces.length).toBeGreaterThan(5);
  expect(text).not.toMatch(/base64|13579|long-line/);
});

test("a field that ends as a key begins holds nothing back for long", async () => {
  hideInTraces(["sk-never-to-come-11111"]);
  const { exchanges } = await traced(() => {
    const exchange = post("{}");
    exchange?.piece(Buffer.from('data: {"id":"a-sk-never"}\n\n'));
    for (let index = 0; index < 100; index++) exchange?.piece(Buffer.from('data: {"text":"a b"}\n\n'));
  });
  expect(exchanges[0]?.pieces.length).toBeGreaterThan(50);
});

test.each([
  ["OPENAI_CUSTOM_HEADERS", "X-Team: canary-1234\nAuthorization: Bearer canary-5678"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "x-honeycomb-team=canary-1234,b=canary-5678"],
  ["HTTP_PROXY", "me:canary-1234@10.0.0.1:3128"],
  ["DATABASES", "pg://canary-1234:x@a/b,pg://me:canary%2D5678@a/b"],
  ["OPENAI_BASE_URL", "https://h/v1?key=canary-1234"],
  ["OPENAI_API_KEY_2", "canary-1234"],
  ["GITHUB_PAT", "canary-1234"],
  ["DB_PASS", "canary-1234"],
  ["MY_TOKEN", "Bearer canary-1234"],
])("what %s holds is no word of a trace", async (name, value) => {
  const folder = await traceFolder();
  hideSecretsOf({
    [name]: value,
    PWD: folder,
    AUTH_KEY_PATH: "/srv/me/certs/key.pem",
    GIT_HEADERS: "accept: text/plain",
  });
  const said = "canary-1234 canary-5678 canary%2D5678".split(" ").filter((word) => value.includes(word));
  const { exchanges } = await traced(() => post(`${said.join(" ")} ${folder} /srv/me/certs/x text/plain`));
  expect(exchanges[0]?.body).toMatch(/^[* ]+ \S*eightfold-trace-\S+ \/srv\/me\/certs\/x text\/plain$/);
});

test.each(["env", "env.local"])(
  "what a file .%s where the agent works holds is no word of a trace",
  async (name) => {
    const folder = await traceFolder();
    await writeFile(
      join(folder, `.${name}`),
      `\ufeffA=1\r\nexport OTHER_KEY='canary-${name}'\r\nB=everyday\r\n`,
    );
    hideSecretsIn(folder);
    const { exchanges } = await traced(() => post(`canary-${name} everyday`));
    expect(exchanges[0]?.body).toMatch(/^\*+ everyday$/);
  },
);

test.runIf(process.platform !== "win32")(
  "a name like .env that is a pipe, or a link to a device, does not keep a trace from beginning",
  async () => {
    const folder = await traceFolder();
    execFileSync("mkfifo", [join(folder, ".env")]);
    await symlink("/dev/zero", join(folder, ".env.local"));
    await writeFile(join(folder, ".env.test"), "A_KEY=canary-behind-a-pipe");
    const code = `
      const { hideSecretsIn, withoutSecrets } = await import(${JSON.stringify(join(import.meta.dirname, "secrets.ts"))});
      hideSecretsIn(${JSON.stringify(folder)});
      console.log(withoutSecrets("canary-behind-a-pipe"));`;
    const node = [process.execPath, ["--input-type=module", "-e", code]] as const;
    expect(execFileSync(...node, { encoding: "utf8", timeout: 60_000 }).trim()).toMatch(/^\*+$/);
  },
  120_000,
);

test.each([
  ["in JSON", (key: string) => JSON.stringify(key)],
  ["in JSON in JSON", (key: string) => JSON.stringify({ a: JSON.stringify({ key }) })],
  ["as Go writes JSON", (key: string) => JSON.stringify(key).replaceAll("&", "\\u0026")],
  [
    "as Google writes JSON",
    (key: string) => JSON.stringify(key).replace(/[&=]/g, (sign) => (sign === "&" ? "\\u0026" : "\\u003d")),
  ],
  ["in an address in an address", (key: string) => encodeURIComponent(`?url=${encodeURIComponent(key)}`)],
  ["in base64", (key: string) => Buffer.from(`user:${key}`).toString("base64")],
])("a key with signs in it is hidden %s", async (_, write) => {
  const key = `0"1&2=3/4-5+6\\7ä${crypto.randomUUID().slice(0, 4)}`;
  hideInTraces([key]);
  const { exchanges } = await traced(() => post(`{${write(key)}}`));
  expect(exchanges[0]?.body).toMatch(/\*{12}/);
  expect(exchanges[0]?.body).not.toMatch(/2=3|2%3D3|2%253D3|u003d3|4-5/);
});

test("a file or an address that is kept as a secret hides no other that begins like it", async () => {
  hideInTraces(["/srv/somebody/certs/key.pem", "https://example.com/hook/abcdef"]);
  const { exchanges } = await traced(() =>
    post("/srv/somebody/src https://example.com/hook/abcdef https://example.com/a"),
  );
  expect(exchanges[0]?.body).toMatch(/^\/srv\/somebody\/src \*+ https:\/\/example.com\/a$/);
});

test("an address keeps no password and no key, and headers are those that can hold none", async () => {
  const { exchanges } = await traced(() =>
    post("{}", "https://me:pass@host/v1/x?alt=sse&key=abc&api-version=1&abcdef#ghi"),
  );
  expect(exchanges[0]?.request.url).toBe(
    "https://host/v1/x?alt=sse&key=%E2%80%A6&api-version=%E2%80%A6&%E2%80%A6=",
  );
  const headers = {
    authorization: "a",
    "x-goog-api-key": "b",
    cookie: "c",
    "x-own": "d",
    "content-type": "text/plain",
  };
  expect(safeHeaders(new Headers(headers))).toEqual({ "content-type": "text/plain" });
});
