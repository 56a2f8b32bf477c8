/** A service's "no", as an HTTP answer or as an event inside a stream. Absent texts are empty. */
export interface Refusal {
  /** Absent inside a stream. */
  readonly status?: number;
  readonly code: string;
  readonly type: string;
  /** The part of the request that it is about: "reasoning.summary". */
  readonly param: string;
  readonly said: string;
  readonly headers?: Headers;
}

/**
 * Reads the SDK's APIError. It is recognised by its shape, because the class is known only once the SDK is loaded,
 * and `name` is "Error" for all of them. Connection errors and aborts have the same class and no answer in them:
 * undefined.
 */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof Error && "requestID" in error && "status" in error && "error" in error))
    return undefined;
  const { status, error: body } = error;
  if (status === undefined && body === undefined) return undefined;
  const headers = "headers" in error && error.headers instanceof Headers ? error.headers : undefined;
  return {
    ...(typeof status === "number" && { status }),
    ...readBody(body, error.message.replace(/^\d{3} (status code \(no body\))?/, "")),
    ...(headers && { headers }),
  };
}

/**
 * Reads an error's body: OpenAI's `{ code, type, param, message }`, FastAPI's `{ detail }`, or a mere string.
 * OpenRouter and vLLM give the HTTP status as the code.
 */
export function readBody(body: unknown, fallback: string): Omit<Refusal, "status" | "headers"> {
  const fields: Record<string, unknown> = typeof body === "object" && body !== null ? { ...body } : {};
  const said = [body, fields.message, fields.detail].find((text) => typeof text === "string" && text !== "");
  return {
    code: textOf(fields.code),
    type: textOf(fields.type),
    param: textOf(fields.param),
    said: textOf(said) || fallback,
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
