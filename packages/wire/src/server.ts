import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type Dialect, environmentOfAll, openService, openServices, type Spoken } from "./dialects.ts";
import { planAnswer, planStream, refusalOf, type Step } from "./plan.ts";
import { type Exchange, openExchange, play } from "./play.ts";
import type { RecordedRequest, Script, ScriptedReply, View, WireOptions } from "./script.ts";
import { type HttpCall, Refusal, type Service } from "./service.ts";

/** A provider's service on this machine, with a script for a model. */
export interface WireServer {
  readonly url: string;
  /** Environment variables that point an agent at this server. */
  readonly env: Record<string, string>;
  /** The requests for a reply, in the order in which they came, refused ones included. */
  readonly requests: RecordedRequest[];
  /** The questions about models ("GET /v1/models"). */
  readonly lookUps: string[];
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a server for one dialect, or for any, on a free port of 127.0.0.1. It refuses invalid requests as the real
 * service would; a refused request uses up no reply of the script.
 */
export async function startWire(
  dialect: Dialect | "any",
  script: Script,
  options: WireOptions = {},
): Promise<WireServer> {
  const spokenIn = dialect === "any" ? openServices(options) : theOneFor(dialect, options);
  const requests: RecordedRequest[] = [];
  const lookUps: string[] = [];
  const nextReply = readScript(script);

  async function stepsFor(call: HttpCall, exchange: Exchange): Promise<Step[]> {
    const { dialect, service } = spokenIn(call);
    if (!service.asksForReply(call)) {
      lookUps.push(`${call.method} ${call.path}`);
      return stepsOf(() => planAnswer({ status: 200, body: service.lookUp(call) }));
    }
    const judgement = judge(service, call);
    const { refusal } = judgement;
    const request = recordOf(call, dialect, service.view(call.body), exchange, judgement);
    requests.push(request);
    if (refusal) return planAnswer(refusal);
    const reply = await nextReply(request, service);
    return reply instanceof Refusal ? planAnswer(reply) : stepsOf(() => planReply(reply, call, service));
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = openExchange(response);
    const steps = await stepsFor(await readCall(incoming), exchange);
    await play(steps, response, options, exchange);
  }

  const server = createServer((incoming, response) => {
    void handle(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => closeServer(server);
  const env = dialect === "any" ? environmentOfAll(url, options) : openService(dialect, options).env(url);
  return { url, env, requests, lookUps, close, [Symbol.asyncDispose]: close };
}

function theOneFor(dialect: Dialect, options: WireOptions): () => Spoken {
  const spoken = { dialect, service: openService(dialect, options) };
  return () => spoken;
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

function recordOf(
  { path, headers, raw, body }: HttpCall,
  dialect: Dialect,
  view: View,
  { left, closed }: Exchange,
  { refusal, advice }: Judgement,
): RecordedRequest {
  return {
    dialect,
    path,
    headers,
    body,
    raw,
    view,
    ...(refusal && { refusal: refusal.message }),
    advice,
    get closedEarly() {
      return left.aborted;
    },
    closed,
  };
}

/** The next reply for each request, or the refusal that says why there is none. */
function readScript(
  script: Script,
): (request: RecordedRequest, service: Service) => Promise<ScriptedReply | Refusal> {
  let index = 0;
  return async (request, service) => {
    const position = index;
    index += 1;
    try {
      const reply = typeof script === "function" ? await script(request, position) : script[position];
      return reply ?? service.failure(500, "the script is over");
    } catch (error) {
      return service.failure(
        500,
        `the script failed: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };
}

function planReply(reply: ScriptedReply, call: HttpCall, service: Service): Step[] {
  const refusal = refusalOf(reply.fault, service, service.model(call));
  if (refusal) return planAnswer(refusal);
  return planStream(service.answer(reply, call), reply.fault, service, call);
}

function stepsOf(plan: () => Step[]): Step[] {
  try {
    return plan();
  } catch (error) {
    if (error instanceof Refusal) return planAnswer(error);
    throw error;
  }
}

interface Judgement {
  readonly refusal?: Refusal;
  readonly advice: readonly string[];
}

function judge(service: Service, call: HttpCall): Judgement {
  const advice: string[] = [];
  try {
    service.validate(call, (words) => advice.push(words));
    return { advice };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error, advice };
    throw error;
  }
}

async function readCall(incoming: IncomingMessage): Promise<HttpCall> {
  const raw = await text(incoming);
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );
  return { method: incoming.method ?? "", path: incoming.url ?? "", headers, raw, body: parseBody(raw) };
}

function parseBody(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}
