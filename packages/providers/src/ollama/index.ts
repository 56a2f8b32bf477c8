import type { Provider } from "@eightfold/core";
import type { Environment } from "../environment.ts";

export { findOllamaModel } from "./find.ts";

/** Opens a model; see open.ts, which loads only now. Whether an Ollama runs is asked at each start without a key. */
export async function openOllama(name: string | undefined, env: Environment): Promise<Provider> {
  const { openOllama: open } = await import("./open.ts");
  return open(name, env);
}
