import type { Playbook } from "./situation.ts";

/** Chapter 8: a conversation, written out between tags, is to be summed up. What the user asked and what was called is kept. */
export const summarise: Playbook = {
  example: "/compact (in phase 8, after some turns)",

  answers: (request) => /^(?:<earlier-summary>|<conversation>)[\s\S]*Write the summary\.$/.test(request),

  next({ request }) {
    const earlier = /<earlier-summary>\n([\s\S]*?)\n<\/earlier-summary>/.exec(request)?.[1] ?? "";
    const asked = [...request.matchAll(/<user>\n(.*)/g)].map(([, text = ""]) => `- ${text}`);
    const called = [...request.matchAll(/^(\w+ \{.*\})$/gm)].map(
      ([, call = ""]) => `- ${call.slice(0, 120)}`,
    );
    const parts = [earlier, "## Goal", ...asked, "## Done", ...called, "## Next", "- Wait for the user."];
    return { say: parts.filter(Boolean).join("\n") };
  },
};
