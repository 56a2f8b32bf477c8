/** A model without a server, in a trace: what it is given and what it says, in our own words. */
import { type CompleteReply, type Delta, type Model, type ModelRequest, modelOf } from "@eightfold/core";
import { beginExchange } from "@eightfold/trace";

/** Where there would be an address. */
export const SCRIPT_URL = "demo:script";

/** A line of what it says: its text as it comes, and the whole reply last. */
export type ScriptLine = Delta | { readonly type: "reply"; readonly reply: CompleteReply };

type Attempt = AsyncGenerator<Delta, CompleteReply>;

/** The demo: a model that says what a script says, for nothing. */
export function scriptModel(answer: (request: ModelRequest, signal: AbortSignal) => Attempt): Model {
  return modelOf({
    provider: "demo",
    name: "script",
    costOf: () => 0,
    explain: () => undefined,
    attempt: (request, { signal }) => recorded(request, answer(request, signal), signal),
  });
}

/** The same reply, which is in the trace, with its request marked as one that nothing was sent for. */
async function* recorded(request: ModelRequest, reply: Attempt, signal: AbortSignal): Attempt {
  const body = JSON.stringify(scriptRequest(request));
  const exchange = beginExchange({ method: "POST", url: SCRIPT_URL, headers: undefined, body, sent: false });
  const say = (line: ScriptLine) => exchange?.piece(Buffer.from(`${JSON.stringify(line)}\n`));
  try {
    let next = await reply.next();
    for (; !next.done; next = await reply.next()) {
      say(next.value);
      yield next.value;
    }
    say({ type: "reply", reply: next.value });
    exchange?.end("done");
    return next.value;
  } catch (error) {
    exchange?.end(signal.aborted ? "aborted" : "error", error);
    throw error;
  }
}

/** What a model would read of a request. */
export function scriptRequest({ system, tools = [], conversation }: ModelRequest) {
  const declared = tools.map(({ name, description, parameters }) => ({ name, description, parameters }));
  const messages = conversation.map((message) => {
    if (message.role !== "tool") return message;
    const { role, callId, name, text, isError } = message;
    return { role, callId, name, text, isError };
  });
  return { ...(system !== undefined && { system }), tools: declared, messages };
}
