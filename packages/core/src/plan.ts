/** What a call would do, worked out before anyone decides whether it may. */
export type Plan = ReadPlan | ChangePlan | CommandPlan | NoEffect;

/** A call that reaches nothing but the conversation. */
export interface NoEffect {
  readonly type: "none";
}

/** What a tool that only reads would read: a file, or the names and texts below a folder. */
export interface ReadPlan {
  readonly type: "read";
  /** Relative to the workspace, with all links followed. */
  readonly path: string;
}

export interface FileChange {
  /** Relative to the workspace. */
  readonly path: string;
  /** Unified, of the file before and after; without its lines when they are too long to keep. */
  readonly diff: string;
  /** Lines. */
  readonly added: number;
  readonly removed: number;
  /** The file did not exist before. */
  readonly created: boolean;
}

/** A change that is worked out, and can be looked at before it lands: its diff is whole, or longer than a model writes. */
export interface ChangePlan extends FileChange {
  readonly type: "change";
  /** How to take it back once it has landed. */
  readonly reversal: Reversal;
  /** Throws as `land` does when the file is not what it was. */
  check(): Promise<void>;
  /** Saves the file; throws, and changes nothing, when the file is not what it was when this was planned. */
  land(): Promise<FileChange>;
}

/** How to take a change back: the piece of text that it replaced, and what the file was before and after. */
export interface Reversal {
  /** Relative to the workspace, with "/" between names. */
  readonly path: string;
  /** The fingerprint of the file; absent when the change created it. */
  readonly before?: string;
  readonly after: string;
  /** The change put `length` UTF-16 units at `start`, */
  readonly start: number;
  readonly length: number;
  /** in the place of this. Absent when it is too long to keep. */
  readonly text?: string;
}

/** What a command would do, as far as that is known. */
export interface CommandPlan {
  readonly type: "command";
  readonly command: string;
  /** "reads": proved to write nothing, to run nothing else and to stay in the workspace. "catastrophe": never run it. */
  readonly verdict: "reads" | "unproved" | "catastrophe";
  /** Why, in one short sentence. */
  readonly reason: string;
  /** What runs in its place when it reads. */
  readonly proved?: ProvedScript;
}

/** The same words, each quoted, and programs by their full path; and the programs that run it. */
export interface ProvedScript {
  readonly script: string;
  readonly bash: string;
  readonly cat: string;
}
