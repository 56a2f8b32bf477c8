/** What a recording shows of a phase: commands in the order they are typed. */
export interface Demo {
  readonly phase: number;
  readonly commands: readonly Command[];
}

export interface Command {
  /** What follows `pnpm phase N start`. */
  readonly words: readonly string[];
  /** What is typed at each prompt and each question, in their order; then Ctrl-D. */
  readonly typed: readonly string[];
}

const FIX = "run the tests and fix what fails";

export const demos: readonly Demo[] = [
  { phase: 1, commands: [{ words: [], typed: ["My name is Ada.", "What is my name?"] }] },
  { phase: 2, commands: [{ words: ["what is in README.md?"], typed: [] }] },
  { phase: 3, commands: [{ words: ["where is `parse` defined?"], typed: [] }] },
  { phase: 4, commands: [{ words: ["create notes.md, then change one line of it"], typed: [] }] },
  { phase: 5, commands: [{ words: [FIX], typed: [] }] },
  { phase: 6, commands: [{ words: [], typed: ["where is `parse` defined?", "/usage"] }] },
  { phase: 7, commands: [{ words: [FIX], typed: ["y", "y", "y"] }] },
  {
    phase: 8,
    commands: [
      {
        words: ["--cwd", "playground"],
        typed: [
          "My name is Ada.",
          "Delegate: what is in README.md, and what is in package.json?",
          "/context",
        ],
      },
      { words: ["--cwd", "playground", "--resume", "latest", "What is my name?"], typed: [] },
    ],
  },
];
