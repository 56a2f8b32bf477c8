/** Traces that no run of ours leaves behind. */

/** Two requests: the system prompt of the second has another time in it. */
export function brokenByClock(): string {
  const body = (time: string, more: readonly object[]) =>
    JSON.stringify({
      model: "m",
      instructions: `It is ${time}.`,
      input: [{ role: "user", content: "hi" }, ...more],
    });
  const request = {
    type: "request",
    lane: "main",
    turn: 1,
    attempt: 1,
    method: "POST",
    url: "http://127.0.0.1:1/v1/responses",
    headers: {},
  };
  const lines = [
    { type: "trace", t: 0, version: 1, started: "2026-11-29T12:00:00Z", phase: 6, title: "Prompt" },
    { type: "turn", t: 1, turn: 1, request: "hi" },
    { ...request, t: 2, id: 1, step: 1, body: { text: body("12:00:01", []) } },
    {
      ...request,
      t: 9,
      id: 2,
      step: 2,
      body: { text: body("12:00:08", [{ role: "user", content: "and?" }]) },
    },
  ];
  return `${lines.map((line) => JSON.stringify(line)).join("\n")}\n{"type":"respon`;
}

/** 300 requests, each with all results before it; the last has 300 kB. */
export function longSession(): string {
  const head = {
    type: "trace",
    t: 0,
    version: 1,
    started: "2026-11-29T12:00:00Z",
    phase: 8,
    title: "Context",
  };
  const lines: object[] = [head, { type: "turn", t: 1, turn: 1, request: "read everything" }];
  const result = "a line of a file that was read, with nothing of note in it\n".repeat(17);
  let text = '{"model":"m","input":[{"role":"user","content":"read everything"}';
  for (let id = 1; id <= 300; id++) {
    const request = {
      type: "request",
      lane: "main",
      turn: 1,
      step: id,
      attempt: 1,
      method: "POST",
      url: "http://127.0.0.1:1/",
      headers: {},
    };
    const call = { id: `c${id}`, name: "read_file", input: { path: `src/${id}.ts` } };
    lines.push(
      { ...request, t: id * 10, id, body: { text: `${text}]}` } },
      { type: "call", t: id * 10 + 5, lane: "main", call },
      {
        type: "result",
        t: id * 10 + 6,
        lane: "main",
        callId: call.id,
        name: call.name,
        model: result,
        user: "17 lines",
      },
    );
    text += `,{"type":"function_call","call_id":"c${id}","name":"read_file","arguments":"{}"},{"type":"function_call_output","call_id":"c${id}","output":${JSON.stringify(result)}}`;
  }
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
