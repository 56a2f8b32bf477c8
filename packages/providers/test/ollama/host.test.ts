import { expect, test } from "vitest";
import { ollamaHost } from "../../src/ollama/host.ts";

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
    expect(() => ollamaHost(value)).toThrow(/^OLLAMA_HOST is no address\. It looks like/);
  },
);
