/** What a user may set in requests to a model. There are no defaults: a model's makers know it best, and many models refuse settings. */
import { UsageError } from "@eightfold/core";

const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;

/** By the names of their flags. How each is written is up to a provider's `request.ts`. */
export interface Settings {
  readonly temperature?: number;
  readonly "top-p"?: number;
  readonly "max-tokens"?: number;
  readonly effort?: (typeof EFFORTS)[number];
  /** How long a service may say nothing, in seconds. */
  readonly timeout?: number;
  /** Where Ollama listens. */
  readonly host?: string;
}

/** Flags as they were typed. */
export type Given = { readonly [Name in keyof Settings]?: string };

const within = (highest: number) => (text: string) =>
  /^(\d+\.?\d*|\.\d+)$/.test(text) && Number(text) <= highest ? Number(text) : undefined;
const whole = (highest: number) => (text: string) =>
  /^[1-9]\d*$/.test(text) && Number(text) <= highest ? Number(text) : undefined;

/** `read` gives undefined for what the value `must` not be; a service that refuses the setting says one of the `words`. */
export const modelFlags = [
  {
    name: "temperature",
    value: "0-2",
    text: "how freely the model chooses its words (no default: it is not sent)",
    ...{ read: within(2), must: "a number from 0 to 2", words: /temperature/i },
  },
  {
    name: "top-p",
    value: "0-1",
    text: "the share of likely words it chooses from",
    ...{ read: within(1), must: "a number from 0 to 1", words: /top_?p\b/i },
  },
  {
    name: "max-tokens",
    value: "TOKENS",
    text: "how long a reply may get",
    ...{ read: whole(Number.MAX_SAFE_INTEGER), must: "a whole number, 1 or more" },
    words: /max_?(completion_?|output_?)?tokens|output tokens|num_predict/i,
  },
  {
    name: "effort",
    value: "LEVEL",
    text: `how much to think: ${EFFORTS.join(", ")}`,
    read: (text: string) => EFFORTS.find((effort) => effort === text),
    ...{ must: `one of ${EFFORTS.join(", ")}`, words: /effort|think|reasoning/i },
  },
  {
    name: "timeout",
    value: "SECONDS",
    text: "how long the service may stay silent (default: 300; 1800 on http://)",
    ...{ read: whole(86_400), must: "a number of seconds, from 1 to 86400", words: undefined },
  },
  {
    name: "host",
    value: "HOST[:PORT]",
    text: "where Ollama listens",
    ...{ read: (text: string) => text.trim() || undefined, must: "an address", words: undefined },
  },
] as const;

/** @throws UsageError for a value that makes no sense */
export function readSettings(given: Given): Settings {
  const known = modelFlags.flatMap(({ name, read, must }) => {
    const text = given[name];
    if (text === undefined) return [];
    const value = read(text);
    if (value === undefined) throw new UsageError(`--${name} is ${text}, but must be ${must}.`);
    return [[name, value] as const];
  });
  return Object.fromEntries(known) as Settings;
}

/** The flags in "openai:gpt-6.1-sol --effort high", as `/model` is given them, and what is before them. */
export function flagsIn(words: string): Given & { readonly model: string } {
  const [model = "", ...flags] = ` ${words}`.split(/\s+--(?=[a-z])/);
  if (model.trim() === "" && flags.length > 0)
    throw new UsageError(`Name the model before its flags: --model PROVIDER:NAME --${flags.join(" --")}`);
  const given = flags.map((flag) => {
    const [, name = "", value = ""] = /^([^\s=]+)[\s=]*(.*)$/s.exec(flag.trim()) ?? [];
    const known = modelFlags.find((each) => each.name === name);
    if (known && value) return [name, value] as const;
    if (known) throw new UsageError(`--${name} needs a value: --${name} ${known.value}`);
    const names = modelFlags.map((each) => `--${each.name}`).join(", ");
    throw new UsageError(`A model has no --${name}. It has ${names}.`);
  });
  return { ...Object.fromEntries(given), model: model.trim() };
}

/** @throws UsageError when something is set for what has no settings */
export function takeNone(settings: Settings, what: string): void {
  const [name] = Object.keys(settings);
  if (name !== undefined)
    throw new UsageError(
      `${what}, and has no --${name}. Leave it out, or choose a model with --model PROVIDER.`,
    );
}

type Possible<Fields> = { [Name in keyof Fields]: Fields[Name] | undefined };

/** The fields that are given. */
export function fieldsOf<Fields extends object>(fields: Possible<Fields>): Partial<Fields> {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Partial<Fields>;
}
