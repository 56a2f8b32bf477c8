import type { Endpoint } from "./endpoint.ts";

/** Whose reply is being read, and what the reader has to know of it. */
export interface Source {
  readonly endpoint: Endpoint;
  readonly model: string;
  /** The ids of all earlier calls: some servers number their calls anew in each reply. */
  readonly taken: ReadonlySet<string>;
  /** Whether the stream was marked as complete. */
  sawDone(): boolean;
}
