import { createServer } from "node:net";

/**
 * A port that nothing listens on, and that no other test is given meanwhile: the system hands out those from 32,768 on to
 * whoever asks for any, and there are many of them.
 */
export async function freePort(): Promise<number> {
  const port = 20_000 + Math.floor(Math.random() * 12_000);
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false)).listen(port, () => resolve(true));
  });
  if (!isFree) return freePort();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
