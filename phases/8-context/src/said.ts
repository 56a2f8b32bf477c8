import { clip, prepareCall, runCall, type StopReason, type ToolCall } from "@eightfold/core";
import { contextWindow } from "@eightfold/providers";
import type { Agent, AgentEvent } from "./agent.ts";
import { type RunCall, runSideBySide } from "./helpers/side-by-side.ts";
import { rememberResult } from "./memory/memory.ts";

type Events<Returned> = AsyncGenerator<AgentEvent, Returned>;

/** Takes what the user says into the session, behind the files that it names. */
export async function* hear(text: string, agent: Agent, run: RunCall, signal: AbortSignal): Events<void> {
  yield* runForUser(await agent.callsNamedIn(text), agent, run, signal);
  agent.session.append({ type: "message", message: { role: "user", text } });
}

/** Runs a command that the user typed. It is their own: nobody is asked, and no box holds it. */
export async function* runTyped(command: string, agent: Agent, signal: AbortSignal): Events<StopReason> {
  const call = { id: "!", name: "run_bash", input: { command, timeout: 600 } };
  const run: RunCall = async (call, report) =>
    runCall(await prepareCall(agent.tools, call, signal), signal, report);
  yield* runForUser([call], agent, run, signal);
  return signal.aborted ? "aborted" : "done";
}

/** Runs calls that the user makes, and not the model: what comes of each is a note, which the next request brings. */
async function* runForUser(
  calls: readonly ToolCall[],
  { model, session, tools }: Agent,
  run: RunCall,
  signal: AbortSignal,
): Events<void> {
  const room = (await contextWindow(model, signal)) / 2 / calls.length; // as much as the results of one reply have
  for await (const event of runSideBySide(tools, calls, run)) {
    if (event.type === "tool_end") {
      const { call, result } = event;
      const text = `[The user calls ${call.name} ${JSON.stringify(call.input)}]\n${clip(result.text, room)}`;
      session.append({ type: "note", text });
      session.remember((memory) => rememberResult(memory, call, result));
    }
    yield event;
  }
}
