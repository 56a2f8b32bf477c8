import { defineTool, type Tool } from "@eightfold/core";
import { todoLines } from "../memory/memory.ts";
import type { Session } from "../sessions/session.ts";

const STEP = {
  type: "object",
  properties: {
    step: { type: "string", minLength: 1, maxLength: 200, description: "What is to be done, in a few words" },
    status: { type: "string", enum: ["pending", "in_progress", "done"] },
  },
  required: ["step", "status"],
} as const;

export function updatePlan(remember: Session["remember"]): Tool {
  return defineTool({
    name: "update_plan",
    description:
      "Write down the steps of a task that takes more than two, and again, all of them, whenever one is done or the " +
      "plan changes. The user sees it.",
    input: { steps: { type: "array", items: STEP, maxItems: 20, description: "All steps, in order" } },
    required: ["steps"],
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
