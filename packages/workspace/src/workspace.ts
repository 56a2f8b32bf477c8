/** The folder an agent works in, and what it has read there. */
export interface Workspace {
  /** The real path of the root. */
  readonly root: string;
  /** What this session has read or written: real path → fingerprint of the content at that moment. */
  readonly seen: Map<string, string>;
}
