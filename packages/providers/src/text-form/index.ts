import {
  type CompleteReply,
  type Delta,
  ModelFailure,
  type ModelRequest,
  type Provider,
  type Watch,
} from "@eightfold/core";
import { letEventsIn } from "../let-events-in.ts";
import type { Offer } from "./forms.ts";
import { holdBack } from "./hold-back.ts";
import { inTextForm } from "./prompt.ts";
import { understand } from "./understand.ts";

/**
 * A provider whose model need not know tools: the calls that it writes into its text are read as calls (forms.ts
 * says which). A model that refuses tools is told of them in words, in the same request and from then on; one that
 * takes them is sent them as ever, and only understood when it writes a call as text all the same.
 */
export function withTextForm(provider: Provider): Provider {
  let inWords = false;

  return {
    ...provider,

    async *attempt(request, watch) {
      const wasInWords = inWords;
      try {
        return yield* ask(provider, request, wasInWords, watch);
      } catch (error) {
        const known = error instanceof ModelFailure ? error.error : provider.explain(error);
        if (wasInWords || known?.kind !== "no_tools") throw error;
        inWords = true;
        return yield* ask(provider, request, inWords, watch);
      }
    },
  };
}

async function* ask(
  provider: Provider,
  request: ModelRequest,
  inWords: boolean,
  watch: Watch,
): AsyncGenerator<Delta, CompleteReply> {
  const offer = await offerOf(request);
  await letEventsIn();
  const attempt = provider.attempt(inWords ? inTextForm(request, offer) : request, watch);
  const hold = holdBack();
  for (;;) {
    const next = await attempt.next();
    if (next.done) {
      const reply = understand(next.value, { provider, request, offer, inWords });
      const rest = hold.rest(reply.message.text.length);
      if (rest !== "") yield { type: "text_delta", text: rest };
      return reply;
    }
    const { type, text } = next.value;
    const shown = type === "text_delta" && offer.size > 0 ? hold.read(text) : text;
    if (shown !== "") yield { type, text: shown };
  }
}

async function offerOf({ tools = [] }: ModelRequest): Promise<Offer> {
  return new Map(await Promise.all(tools.map(async (tool) => [tool.name, await tool.parameters()] as const)));
}
