import { Unproved } from "../tokens.ts";
import { has } from "../words.ts";
import type { Programs } from "./program.ts";

const NAME = /^[A-Za-z0-9_.+@-]+$/;

/** Programs that tell about the machine, the user and the time. */
export const system: Programs = {
  arch: {},
  // Without -v it runs what it is given.
  command: {
    letters: "vV",
    rest: NAME,
    isBuiltin: true,
    check: (call) => {
      if (!has(call, "-v", "-V")) throw new Unproved("command without -v runs a program");
    },
  },
  // An operand without "+" sets the clock.
  date: {
    letters: "uR",
    words: "--utc --universal --rfc-email",
    // A time zone may be a file's path.
    values: { "-d": /^(?!.*TZ)/is, "--date": /^(?!.*TZ)/is },
    glued: { "-I": "text", "--iso-8601": "text", "--rfc-3339": "text" },
    // No width in it that fills the memory.
    operands: [/^\+(?!.*\d{4})/s],
  },
  false: {},
  groups: {},
  hostname: { letters: "fsiI" },
  id: { letters: "gGnru", operands: [NAME] },
  nproc: { words: "--all" },
  pwd: { letters: "LP", isBuiltin: true },
  true: {},
  type: { letters: "apPt", rest: NAME, isBuiltin: true },
  uname: { letters: "aimnoprsv", words: "--all" },
  which: { letters: "a", rest: NAME },
  whoami: {},
};
