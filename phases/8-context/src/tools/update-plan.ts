import { defineTool, type Tool } from "@eightfold/core";
import { todoLines } from "../memory/memory.ts";
import type { Session } from "../sessions/session.ts";

export function updatePlan(remember: Session["remember"]): Tool {
  return defineTool({
    name: "update_plan",
    description:
      "Write down the steps of a task that takes more than two, and again, all of them, whenever one is done or the " +
      "plan changes. The user sees it.",
    input: (z) => {
      const step = z.string().min(1).max(200).describe("What is to be done, in a few words");
      const status = z.enum(["pending", "in_progress", "done"]);
      return z.object({ steps: z.array(z.object({ step, status })).max(20).describe("All steps, in order") });
    },
    example: { steps: [{ step: "Find what fails", status: "in_progress" }] },
    plan: async () => ({ type: "none" }),

    async run({ steps }) {
      remember((memory) => ({ ...memory, todo: steps }));
      const done = steps.filter(({ status }) => status === "done").length;
      const summary = `${done} of ${steps.length} done`;
      return { text: "The plan is kept.", summary, diff: todoLines(steps).join("\n") };
    },
  });
}
