import { defineTool, type Tool } from "@eightfold/core";
import { rememberNote } from "../memory/memory.ts";
import type { Session } from "../sessions/session.ts";

export function note(remember: Session["remember"]): Tool {
  return defineTool({
    name: "note",
    description:
      "Keep a fact for the rest of the session, one that you will need and could not soon find again: a decision, a " +
      "constraint, a command that works. There are five; the oldest gives way.",
    input: { text: { type: "string", minLength: 1, maxLength: 300, description: "The fact, in a sentence" } },
    required: ["text"],
    example: { text: "The tests need `npm run build` first." },
    plan: async () => ({ type: "none" }),

    async run({ text }) {
      remember((memory) => rememberNote(memory, text));
      return { text: "Noted.", summary: "noted" };
    },
  });
}
