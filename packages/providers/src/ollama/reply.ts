import { badReply, type CompleteReply, type Delta } from "@eightfold/core";
import { quoted, type WireRecord } from "../answer.ts";
import { argumentsText, parseArguments, withoutRepetitions } from "../call-arguments.ts";
import { endedEarly } from "../records.ts";
import { endOf, judgedReply, type ReplySource } from "../reply.ts";
import { isRecord, knownCounts, listOf, readSpeech, recordOf, textOf, wordsOf } from "../wire-values.ts";

/** Calls may be in any line: most models' come whole in the last one. @throws ModelFailure for an empty reply */
export async function* readReply(
  lines: AsyncIterable<WireRecord>,
  { answer, asked, model, idFor }: ReplySource,
): AsyncGenerator<Delta, CompleteReply> {
  const speech = readSpeech();
  const fresh = withoutRepetitions();
  const called: WireRecord[] = [];
  let last: WireRecord | undefined;
  for await (const line of lines) {
    const { thinking, content, tool_calls } = recordOf(line.message);
    called.push(...fresh(listOf(tool_calls).filter(isRecord), (call) => call));
    yield* speech.reasoning_delta(textOf(thinking));
    yield* speech.text_delta(textOf(content));
    if (line.done) last = line;
    if (line.done) break;
  }
  yield* speech.rest();
  if (!last) throw endedEarly(answer);
  const { text_delta: text, reasoning_delta: reasoning } = speech.said;
  // Ids are given since 0.12.10. Arguments are an object; some servers that imitate Ollama send a string.
  const calls = called.map((call) => {
    const { name, arguments: args } = recordOf(call.function ?? call);
    return { id: idFor(textOf(call.id)), name: wordsOf(name), ...parseArguments(argumentsText(args)) };
  });
  // The reason is "stop" for calls too; "load" and "unload" answer a request without messages.
  const finish = textOf(last.done_reason);
  const end = endOf(finish);
  if (end === "error" || end === "context") {
    throw badReply(`${asked.label} ended its reply with an error (${quoted(finish, answer)}).`);
  }
  const { prompt_eval_count: input, prompt_eval_cached_count: cached, eval_count: output } = last;
  const native = reasoning ? { provider: "ollama", model, data: reasoning } : undefined;
  return judgedReply(
    { text, reasoning, calls, end, finish, usage: knownCounts({ input, cached, output }), native },
    asked,
  );
}
