import type { Playbook } from "./situation.ts";

const TOLD = /\bmy name is ([\p{L}'-]+)/iu;

/** Chapter 1: what was said earlier is known only because it was sent again. */
export const recallName: Playbook = {
  example: "My name is Ada. (then) What is my name?",

  answers: (request) => TOLD.test(request) || /\bwhat('s| is) my name\b/i.test(request),

  next({ request, earlier }) {
    const told = TOLD.exec(request)?.[1];
    if (told) return { say: `Hello, ${told}. Ask me for your name in a later turn.` };
    const name = earlier.flatMap((text) => TOLD.exec(text)?.[1] ?? []).at(-1);
    if (!name)
      return { say: "You have not told me. Nothing in the messages that I was sent has your name in it." };
    return { say: `Your name is ${name}. I know it because your earlier message was sent to me again.` };
  },
};
