import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startWire, type WireServer } from "../src/index.ts";
import { adviceOf, post, refusalOf } from "./ask.ts";

type Json = Record<string, unknown>;

let server: WireServer;
beforeEach(async () => {
  const calls = ["a", "b"].map((id) => ({ name: "read_file", input: { path: id }, id }));
  server = await startWire("gemini", [{ calls }, { text: "fine" }]);
});
afterEach(() => server.close());

const user = { role: "user", parts: [{ text: "hello" }] };
const model = { role: "model", parts: [{ text: "hi" }] };
const thoughtSignature = "skip_thought_signature_validator";
const asks = (...ids: string[]) => ({
  role: "model",
  parts: ids.map((id, index) => ({
    functionCall: { id, name: "read_file", args: {} },
    ...(index === 0 && { thoughtSignature }),
  })),
});
const results = (...ids: string[]) => ({
  role: "user",
  parts: ids.map((id) => ({ functionResponse: { id, name: "read_file", response: { output: "42" } } })),
});
describe("signatures", () => {
  type Part = { functionCall: Json; thoughtSignature?: string };

  /** The parts of a first reply that hold calls. */
  async function firstCalls(): Promise<Part[]> {
    const stream = await (await post(server, "gemini")).text();
    const chunks = stream
      .trim()
      .split("\n\n")
      .map((event) => JSON.parse(event.slice("data: ".length)));
    return chunks
      .flatMap(({ candidates }) => candidates[0].content.parts)
      .filter(({ functionCall }) => functionCall);
  }

  const next = (parts: Part[], ...more: Json[]) =>
    refusalOf(server, "gemini", { contents: [user, { role: "model", parts }, results("a", "b"), ...more] });

  const missing =
    "Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, " +
    "and missing thought_signature may lead to degraded model performance. Additional data, function call " +
    "`default_api:read_file` , position 2. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures " +
    "for more details.";
  const corrupted = { status: 400, message: "Corrupted thought signature." };

  test("on the first of parallel calls, they come back where they were", async () => {
    const parts = await firstCalls();
    expect(parts.map((part) => part.thoughtSignature !== undefined)).toEqual([true, false]);
    expect(await next(parts)).toEqual({ status: 200, message: "" });
  });

  test("stand on calls that come back without their ids", async () => {
    const [first, second] = await firstCalls();
    const bare = [first, second].map((part) => ({
      ...part,
      functionCall: { ...part?.functionCall, id: undefined },
    }));
    const contents = [user, { role: "model", parts: bare }, results("a", "b")];
    expect(await adviceOf(server, "gemini", { contents })).toEqual([]);
  });

  test("are missed in the current turn, and only there", async () => {
    const bare = (await firstCalls()).map(({ functionCall }) => ({ functionCall }));
    expect(await next(bare)).toEqual({ status: 400, message: missing });
    expect(await next(bare, model, user)).toEqual({ status: 200, message: "" });
  });

  test("are corrupted when changed or moved to another call, and lost when the sentinel hides them", async () => {
    const [first, second] = await firstCalls();
    if (!first?.thoughtSignature || !second) throw new Error("two calls were scripted");
    const signed = (part: Part, signature: string) => ({ ...part, thoughtSignature: signature });
    expect(await next([signed(first, `${first.thoughtSignature}x`), second])).toEqual(corrupted);
    expect(await next([first, signed(second, first.thoughtSignature)])).toEqual(corrupted);
    expect(await next([signed(first, thoughtSignature), second])).toEqual({ status: 200, message: "" });
    const lost = `the call ${first.functionCall?.name} ${first.functionCall?.id} came with a signature, which is lost`;
    expect(server.requests.at(-1)?.advice).toEqual([lost]);
  });

  test("of a reply that was cut off may be left out for the sentinel", async () => {
    await using cut = await startWire("gemini", [
      {
        calls: [
          { name: "read_file", id: "x" },
          { name: "read_file", id: "y" },
        ],
        stop: "length",
      },
      { text: "fine" },
    ]);
    await (await post(cut, "gemini")).text();
    const contents = [user, asks("x"), results("x")];
    expect(await refusalOf(cut, "gemini", { contents })).toEqual({ status: 200, message: "" });
  });

  test("the sentinel stands in for those of another model", async () => {
    const [first, second] = asks("x", "y").parts;
    if (!first || !second) throw new Error("two calls were made");
    const contents = [user, { role: "model", parts: [first, second] }, results("x", "y")];
    expect(await refusalOf(server, "gemini", { contents })).toEqual({ status: 200, message: "" });
  });
});
