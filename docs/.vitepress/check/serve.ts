import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { createGzip } from "node:zlib";

/** Types of files by their endings, as a host of static files says them. */
export const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

export interface Served {
  /** `http://127.0.0.1:4321`, without a slash at the end. */
  readonly url: string;
  close(): void;
}

/** Serves a built site as a host of static files does: packed, `/diff` is diff.html, and what is not there is 404.html. */
export async function serve(folder: string): Promise<Served> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://site").pathname);
    const file = [path, `${path}.html`, `${path}index.html`]
      .map((name) => join(folder, name))
      .find((name) => name.startsWith(folder) && existsSync(name) && statSync(name).isFile());
    const type = TYPES[extname(file ?? ".html")] ?? "text/plain";
    const read = createReadStream(file ?? join(folder, "404.html"));
    const isPacked = type !== "font/woff2" && /\bgzip\b/.test(`${request.headers["accept-encoding"]}`);
    response.writeHead(file ? 200 : 404, {
      "content-type": type,
      ...(isPacked && { "content-encoding": "gzip" }),
      // Names in assets/ change with what they hold.
      ...(path.startsWith("/assets/") && { "cache-control": "max-age=31536000, immutable" }),
    });
    (isPacked ? read.pipe(createGzip()) : read).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}
