import { expectThat } from "../expect.ts";
import { callTools, type Step } from "../tool-turn.ts";
import type { Workbench } from "../workbench.ts";

/** Expects that the first request offers the model this tool, with these fields in its input. */
export function expectTool({ requests }: Workbench, name: string, fields: readonly string[] = []): void {
  const tools = requests[0]?.view.tools ?? [];
  const tool = tools.find((each) => each.name === name);
  const names = tools.map((each) => each.name);
  expectThat(tool !== undefined, `a tool \`${name}\` among those that the model is offered`, names);
  const schema = JSON.stringify(tool.parameters);
  for (const field of fields)
    expectThat(schema.includes(`"${field}":`), `\`${field}\` in the input of \`${name}\``, tool.parameters);
}

/** The results of these calls, of a tool that the exercise adds or changes: it has to be on offer. */
export async function callNew(
  bench: Workbench,
  [name, ...fields]: readonly [name: string, ...fields: string[]],
  ...steps: Step[]
): Promise<string[]> {
  const results = await callTools(bench, ...steps);
  expectTool(bench, name, fields);
  return results;
}
