import type { CompleteReply, Delta, ModelRequest, Watch } from "@eightfold/core";
import { callIds } from "../call-id.ts";
import type { Environment } from "../environment.ts";
import { patientFetch } from "../patient-fetch.ts";
import { openClient } from "./client.ts";
import type { Endpoint } from "./endpoint.ts";
import { type Learned, learn, sentWith } from "./learn.ts";
import { refusalOf } from "./refusal.ts";
import type { Source } from "./source.ts";
import { tapped } from "./tap.ts";

export interface Target {
  readonly endpoint: Endpoint;
  readonly model: string;
  readonly env: Environment;
  readonly learned: Learned;
}

/** One attempt at one reply: asked again only without something optional that the service just refused. */
export async function* attempt(
  target: Target,
  request: ModelRequest,
  watch: Watch,
): AsyncGenerator<Delta, CompleteReply> {
  const { endpoint, learned } = target;
  for (;;) {
    const sent = sentWith(learned, request.conversation);
    try {
      return yield* ask(target, request, watch);
    } catch (error) {
      const refusal = refusalOf(error);
      if (!refusal || !learn(learned, sent, refusal, endpoint.api)) throw error;
    }
  }
}

async function* ask(
  { endpoint, model, env, learned }: Target,
  request: ModelRequest,
  { signal, alive }: Watch,
): AsyncGenerator<Delta, CompleteReply> {
  const seen = { contentType: "", events: false, done: false };
  const network = tapped(endpoint.isOwn ? patientFetch : fetch, seen, alive);
  const client = await openClient(endpoint, env, network);
  const source: Source = { endpoint, model, taken: callIds(request.conversation), seen };
  if (endpoint.api === "responses") {
    const [{ responsesRequest }, { readResponse }] = await Promise.all([
      import("./responses.ts"),
      import("./responses-reply.ts"),
    ]);
    const body = await responsesRequest(request, model, learned);
    return yield* readResponse(await client.responses.create(body, { signal }), source);
  }
  const [{ chatRequest }, { readChat }] = await Promise.all([import("./chat.ts"), import("./chat-reply.ts")]);
  const body = await chatRequest(request, model, learned, endpoint);
  return yield* readChat(await client.chat.completions.create(body, { signal }), source);
}
