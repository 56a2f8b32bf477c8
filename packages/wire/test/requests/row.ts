import type { WireOptions } from "../../src/index.ts";

/** A changed "hello", and whether the real service takes it: the words are a part of its refusal. */
export type Request = readonly [
  what: string,
  changes: Readonly<Record<string, unknown>> | string,
  outcome: "taken" | "refused" | RegExp,
  how?: {
    readonly path?: string;
    readonly init?: RequestInit;
    readonly options?: WireOptions;
    /** The whole body. */
    readonly raw?: string;
  },
];
