/** What a check of a provider works with. */
import type { Message, ModelEvent, ModelRequest, Reply } from "@eightfold/core";
import type { Script, WireOptions, WireServer } from "@eightfold/wire";

/** A request for a reply. */
export interface Asked extends ModelRequest {
  /** As with --timeout: the seconds of silence after which an attempt is given up. */
  readonly timeout?: string;
}

/** What came of it. */
export interface Heard {
  readonly events: readonly ModelEvent[];
  readonly reply: Reply;
}

export interface Bench {
  serve(script: Script, options?: WireOptions): Promise<WireServer>;
  /** Asks the provider, and aborts at the first event that is `last`. Throws what came in place of a reply. */
  ask(asked: Asked | string, last?: (event: ModelEvent) => boolean): Promise<Heard>;
}

export interface ProviderCheck {
  readonly id: string;
  /** One that fails keeps those of later steps from being tried. */
  readonly step: number;
  readonly title: string;
  /** What to do when it fails. */
  readonly advice: string;
  /** Throws an Error that says what came in place of what was wanted. */
  run(bench: Bench): Promise<void>;
}

export const user = (text: string): Message => ({ role: "user", text });
export const isText = ({ type }: ModelEvent) => type === "text_delta";
export const isRetry = ({ type }: ModelEvent) => type === "retry";

export const readFile = {
  name: "read_file",
  description: "Reads a file.",
  parameters: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
};
export const calls = ["a.md", "b.md"].map((path) => ({ name: "read_file", input: { path } }));

/** Throws what was seen, unless it is as wanted. */
export function expectSame(what: string, seen: unknown, wanted: unknown): void {
  const [is, should] = [seen, wanted].map((value) => JSON.stringify(value) ?? "nothing");
  if (is !== should) throw new Error(`${what} ${is}, and not ${should}`);
}

export function expectText({ reply }: Heard, wanted: string): void {
  const { stop, message, error } = reply;
  if (error) throw new Error(`an error in place of a reply: ${error.message}`);
  expectSame("a reply that says", message.text, wanted);
  expectSame("the stop", stop, "done");
}
