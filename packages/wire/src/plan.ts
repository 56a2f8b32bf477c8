import type { Fault, Moment, RefusalName } from "./fault.ts";
import { type Frame, type HttpCall, Refusal, type Service } from "./service.ts";

/** What the server does with one answer, in order. */
export type Step =
  | { readonly type: "head"; readonly status: number; readonly headers: Readonly<Record<string, string>> }
  | { readonly type: "body"; readonly bytes: Buffer }
  | { readonly type: "wait"; readonly ms: number }
  | { readonly type: "end" }
  | { readonly type: "reset" }
  | { readonly type: "stall" };

type Interruption = Extract<Fault, { at: unknown }>;

/** The steps of an answer that is not a stream: a string as text, everything else as JSON. */
export function planAnswer(answer: {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}): Step[] {
  const { status, body, headers = {} } = answer;
  const isText = typeof body === "string";
  const contentType = isText ? "text/plain" : "application/json";
  return [
    { type: "head", status, headers: { "content-type": contentType, ...headers } },
    bytesOf(isText ? body : JSON.stringify(body)),
    { type: "end" },
  ];
}

/** The refusal that a fault stands for; undefined when it is a fault of the stream. */
export function refusalOf(fault: Fault | undefined, service: Service, model: string): Refusal | undefined {
  if (fault?.type === "refusal") return knownRefusal(fault.name, service, model);
  if (fault?.type === "rate_limit") {
    const refusal = service.rateLimited(fault.hint, fault.seconds);
    return refusal ?? service.failure(500, `the script is wrong: this service never hints by ${fault.hint}`);
  }
  if (fault?.type === "http") {
    return new Refusal(fault.status, `HTTP ${fault.status}`, fault.body ?? "", fault.headers);
  }
  if (fault?.type === "html")
    return new Refusal(502, "Bad Gateway", badGateway, { "content-type": "text/html" });
  return undefined;
}

/** The steps of a reply, with what its fault does to the stream. */
export function planStream(
  frames: Frame[],
  fault: Fault | undefined,
  service: Service,
  call: HttpCall,
): Step[] {
  const model = service.model(call);
  const isWhole = frames[0]?.carries === "whole";
  if (isWhole && fault?.type === "error_event")
    return planAnswer(knownRefusal(fault.refusal ?? "overloaded", service, model));
  const contentType = isWhole ? "application/json" : service.contentType(call);
  const headers = { "content-type": contentType, ...service.headers };
  const head: Step = { type: "head", status: 200, headers };
  const whole = (kept: Frame[]): Step[] => [head, ...kept.map(({ text }) => bytesOf(text)), { type: "end" }];
  if (fault === undefined) return whole(frames);
  if ("at" in fault) return interrupt(whole(frames), fault, frames, service, model);
  if (fault.type === "empty_body") return whole([]);
  if (fault.type === "no_terminal") return whole(frames.filter(({ carries }) => carries !== "end"));
  if (fault.type === "no_done") return whole(frames.filter(({ text }) => !text.startsWith("data: [DONE]")));
  if (fault.type === "left_open") {
    const said = whole(frames.filter(({ text }) => !text.startsWith("data: [DONE]")));
    return [...said.slice(0, -1), { type: "stall" }];
  }
  if (fault.type === "decorated") return whole(frames.map((frame) => decorate(frame, contentType)));
  return whole(frames);
}

function interrupt(
  steps: Step[],
  fault: Interruption,
  frames: Frame[],
  service: Service,
  model: string,
): Step[] {
  if (fault.at === "headers") return [...interruption(fault, service, model, 0), ...steps];
  const count = framesBefore(fault.at, frames);
  if (count === undefined)
    throw service.failure(500, `the script is wrong: the reply has no moment "${fault.at}"`);
  const before = steps.slice(0, 1 + count);
  const next = steps[1 + count];
  if (fault.type === "cut_inside" && next?.type === "body") {
    return [
      ...before,
      { type: "body", bytes: next.bytes.subarray(0, next.bytes.length >> 1) },
      { type: "end" },
    ];
  }
  return [...before, ...interruption(fault, service, model, count), ...steps.slice(1 + count)];
}

/** What happens at the moment; an `end`, a `reset` or a `stall` is the last step that is taken. */
function interruption(fault: Interruption, service: Service, model: string, count: number): Step[] {
  if (fault.type === "delay") return [{ type: "wait", ms: fault.ms }];
  if (fault.type === "reset" || fault.type === "stall") return [{ type: fault.type }];
  if (fault.type !== "error_event") return [{ type: "end" }];
  const refusal = knownRefusal(fault.refusal ?? "overloaded", service, model);
  return [bytesOf(service.errorFrame(refusal, count).text), { type: "end" }];
}

function framesBefore(moment: Moment, frames: Frame[]): number | undefined {
  if (moment === "start" || frames[0]?.carries === "whole") return 0;
  const index = frames.findIndex(({ carries }) => carries === moment);
  if (index < 0) return undefined;
  return moment === "end" ? index : index + 1;
}

function knownRefusal(name: RefusalName, service: Service, model: string): Refusal {
  const make = service.refusals[name];
  if (make === undefined)
    return service.failure(500, `the script is wrong: this service never refuses with ${name}`);
  return make(model);
}

function decorate({ carries, text }: Frame, contentType: string): Frame {
  const extra = contentType === "text/event-stream" ? ": keep-alive\n\n" : "";
  return { carries, text: (extra + text).replaceAll("\n", "\r\n") };
}

function bytesOf(text: string): Step {
  return { type: "body", bytes: Buffer.from(text) };
}

const badGateway =
  "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n" +
  "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
