import { type Dialect, startWire, type WireServer } from "@eightfold/wire";

export interface LocalServer {
  readonly dialect: Dialect;
  readonly server: WireServer;
  /** An environment in which an agent finds this server. */
  readonly env: NodeJS.ProcessEnv;
}

/** Starts a server for each protocol, which greets and calls no tool, and closes them after `use`. */
export async function withServers<Result>(
  use: (servers: readonly LocalServer[]) => Promise<Result>,
): Promise<Result> {
  const dialects: readonly Dialect[] = ["responses", "chat", "gemini", "ollama"];
  const servers = await Promise.all(
    dialects.map(async (dialect) => {
      const server = await startWire(dialect, () => ({ text: "Hello." }));
      return { dialect, server, env: { ...process.env, ...server.env } };
    }),
  );
  try {
    return await use(servers);
  } finally {
    for (const { server } of servers) await server.close();
  }
}
