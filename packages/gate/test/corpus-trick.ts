/** Commands that share a trick. In a corpus of what must be asked about, each one comes with what it would do. */
export interface Trick {
  readonly trick: string;
  readonly commands: readonly (readonly [command: string, reason: string])[];
}

/** Commands of one kind that an agent types all day. */
export interface Habit {
  readonly habit: string;
  readonly commands: readonly string[];
}
