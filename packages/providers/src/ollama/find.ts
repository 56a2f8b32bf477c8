import { connect } from "node:net";
import type { Environment } from "../environment.ts";
import { ollamaHost } from "./host.ts";
import type { Survey } from "./survey.ts";

const CONNECT_MS = 150;
const SURVEY_MS = 500;

/**
 * What an Ollama has to offer, if one is running; undefined otherwise. Where nothing answers it takes 150 ms at most,
 * and a few on this machine: a refused connection comes back at once.
 */
export async function findOllamaModel(env: Environment): Promise<Survey | undefined> {
  try {
    const host = ollamaHost(env.OLLAMA_HOST);
    if (!(await answers(host, CONNECT_MS))) return undefined;
    // The time is the server's: what we load first does not count.
    const [{ survey }] = await Promise.all([import("./survey.ts"), import("ollama")]);
    return await survey(host, AbortSignal.timeout(SURVEY_MS));
  } catch {
    return undefined;
  }
}

/** Whether anything listens there. A connection is tried before HTTP is loaded. */
function answers(host: string, ms: number): Promise<boolean> {
  const { hostname, port, protocol } = new URL(host);
  const address = hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve) => {
    const socket = connect({
      host: address,
      port: Number(port || (protocol === "https:" ? 443 : 80)),
      timeout: ms,
    });
    const settle = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.on("connect", settle(true)).on("timeout", settle(false)).on("error", settle(false));
  });
}
