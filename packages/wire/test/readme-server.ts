import { onTestFinished } from "vitest";
import { type Dialect, type Script, startWire, type WireServer } from "../src/index.ts";

/** The server of the test that runs: what the READMEs of SDKs show is sent to it. */
export let server: WireServer;

/** Starts it. Returns the environment that points a client at it. */
export async function serve(dialect: Dialect, script: Script = () => ({ text: "Arr, they be optional." })) {
  server = await startWire(dialect, script);
  onTestFinished(() => server.close());
  return server.env;
}

/** What the server said against the requests that it got. */
export const refusals = () => server.requests.map(({ refusal }) => refusal);

export const weather = {
  name: "get_weather",
  description: "Tells the weather.",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
export const rain = { calls: [{ name: "get_weather", input: { city: "Kyiv" } }] };
