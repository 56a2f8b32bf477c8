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

/** By somebody who wants to run code in the page, or to break it; the lines at its end lack what their types say. */
export function hostile(): string {
  const evil =
    '</script><script>document.title="evil"</script><img src=x onerror=alert(1)>\u001b[31m\u202e{{1+1}}<!--';
  const name = "N".repeat(1_000_000);
  const call = { id: "c", name, input: { path: evil } };
  const messages = [{ role: "user", content: evil }];
  const request = {
    ...{ type: "request", lane: "main", turn: 1, attempt: 1, method: "POST" },
    ...{ url: `javascript:alert(1)//${evil}`, headers: { "content-type": evil } },
  };
  const asked = { role: "assistant", tool_calls: [{ id: "c", function: { name, arguments: `{${evil}` } }] };
  const result = { role: "tool", tool_call_id: "c", content: evil.repeat(1000) };
  const piece = `data: {"choices":[{"delta":{"content":${JSON.stringify(evil)}}}]}\n\n`;
  const lines: object[] = [
    { type: "trace", t: 0, version: 1, started: evil, phase: 8, title: evil },
    { type: "model", t: 0, model: evil, reason: evil, priced: evil },
    { type: "turn", t: 1, turn: 1, request: evil },
    { ...request, t: 2, id: 1, step: 1, body: { text: JSON.stringify({ model: "m", messages }) } },
    { type: "piece", t: 3, id: 1, text: piece },
    { type: "response_end", t: 4, id: 1, how: "error", message: evil },
    { type: "call", t: 5, lane: "main", call },
    { type: "decision", t: 5, lane: "main", callId: "c", decision: "ask", reason: evil, plan: { evil } },
    { type: "result", t: 6, lane: "main", callId: "c", name, model: evil, user: evil, diff: `+${evil}` },
    { type: "notice", t: 6, text: evil },
    {
      ...{ ...request, t: 7, id: 2, step: 2 },
      body: { text: JSON.stringify({ model: "m", messages: [...messages, asked, result] }) },
    },
    { type: "later", t: 8, evil },
    ...["request", "piece", "usage", "call", "result", "view", "window"].map((type) => ({
      type,
      t: 9,
      id: 2,
    })),
  ];
  return `${lines.map((line) => JSON.stringify(line)).join("\n")}\nnull\n`;
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
