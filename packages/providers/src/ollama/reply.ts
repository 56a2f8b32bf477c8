import type { CompleteReply, Delta } from "@eightfold/core";
import type { WireRecord } from "../answer.ts";
import { readCall, withoutRepetitions } from "../call-arguments.ts";
import { endedEarly } from "../records.ts";
import { callIdsAfter, endOf, judgedReply, type ReplySource } from "../reply.ts";
import { isRecord, knownCounts, listOf, readThinkTags, recordOf, textOf } from "../wire-values.ts";

/** Calls may be in any line: most models' come whole in the last one. @throws ModelFailure for an empty reply */
export async function* readReply(
  lines: AsyncIterable<WireRecord>,
  source: ReplySource,
): AsyncGenerator<Delta, CompleteReply> {
  const { answer, request, model } = source;
  const tags = readThinkTags();
  const fresh = withoutRepetitions();
  const called: WireRecord[] = [];
  let last: WireRecord | undefined;
  for await (const line of lines) {
    const { thinking, content, tool_calls } = recordOf(line.message);
    called.push(...fresh(listOf(tool_calls).filter(isRecord), (call) => call));
    yield* tags.read(textOf(content), textOf(thinking));
    if (line.done) last = line;
    if (line.done) break;
  }
  yield* tags.rest();
  if (!last) throw endedEarly(answer);
  const idFor = callIdsAfter(request.conversation);
  // Ids are given since 0.12.10. Arguments are an object; some servers that imitate Ollama send a string.
  const calls = called.map((call) => {
    const { name, arguments: args } = recordOf(call.function ?? call);
    return readCall(idFor(textOf(call.id)), name, args);
  });
  // The reason is "stop" for calls too; "load" and "unload" answer a request without messages.
  const finish = textOf(last.done_reason);
  const end = endOf(finish, source);
  const { prompt_eval_count: input, prompt_eval_cached_count: cached, eval_count: output } = last;
  const usage = knownCounts({ input, cached, output });
  const { said } = tags;
  const native = said.reasoning ? { provider: "ollama", model, data: said.reasoning } : undefined;
  return judgedReply({ ...said, calls, end, finish, usage, native }, source);
}
