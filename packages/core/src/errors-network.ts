import type { ModelError } from "./model.ts";
import { quote } from "./quote.ts";

/**
 * What a failed connection means, from anywhere in the chain of causes: SDKs wrap `fetch failed`, which wraps the
 * socket's error. Undefined for an error that has nothing to do with the network.
 */
export function explainNetwork(error: unknown, service: string): ModelError | undefined {
  for (const cause of causesOf(error)) {
    const known = explainCode(cause, service) ?? explainWords(cause.message, service);
    if (known) return known;
  }
  return undefined;
}

/** From the innermost cause outwards: the deepest one knows most. */
function causesOf(error: unknown): (Error & { code?: unknown })[] {
  const causes: Error[] = [];
  for (let cause = error; cause instanceof Error && causes.length < 8; cause = cause.cause) {
    causes.unshift(cause);
  }
  return causes;
}

const LOST = new Set([
  "ECONNRESET",
  "EPIPE",
  "ECONNABORTED",
  "UND_ERR_SOCKET",
  "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
]);
const SILENT = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);
const NO_ROUTE = new Set(["EHOSTUNREACH", "ENETUNREACH", "ENETDOWN", "ETIMEDOUT", "UND_ERR_CONNECT_TIMEOUT"]);
const TLS = /^(CERT_|ERR_TLS_|ERR_SSL_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_)/;

function explainCode(cause: Error & { code?: unknown }, service: string): ModelError | undefined {
  const code = typeof cause.code === "string" ? cause.code : "";
  if (code === "ECONNREFUSED") return refused(cause, service);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    const host = "hostname" in cause ? ` ${String(cause.hostname)}` : "";
    return unreachable(`${service} is not reachable: the host${host} is not found.`, {
      hint: "Check the network, and the base URL if you set one.",
    });
  }
  if (LOST.has(code)) return lost(service);
  if (SILENT.has(code)) {
    return { kind: "timeout", message: `${service} took too long to answer.`, retryable: true };
  }
  if (NO_ROUTE.has(code)) {
    return unreachable(`${service} is not reachable (${code}).`, { hint: "Check the network." });
  }
  if (TLS.test(code)) {
    return unreachable(`${service} has no secure connection: ${quote(cause.message)} (${code}).`, {
      retryable: false,
      hint: "Check http:// or https:// in the base URL. NODE_EXTRA_CA_CERTS names a file of extra certificates.",
    });
  }
  if (code.startsWith("HPE_")) {
    return {
      kind: "bad_reply",
      message: `${service} answered with something that is no HTTP.`,
      retryable: true,
    };
  }
  if (code.startsWith("UND_ERR_")) return unreachable(`${service} is not reachable (${code}).`);
  return undefined;
}

/** Errors that carry no code. `terminated` is what fetch says when the socket dies inside a body. */
function explainWords(message: string, service: string): ModelError | undefined {
  if (/^terminated$|other side closed|premature close|socket hang up/i.test(message)) return lost(service);
  if (/^(fetch failed|network error|Connection error\.?)$/i.test(message)) {
    return unreachable(`${service} is not reachable.`, {
      hint: "Check the network, and the base URL if you set one.",
    });
  }
  return undefined;
}

/** On this machine only the user can start the server: trying again would just make them wait for the message. */
function refused(cause: Error, service: string): ModelError {
  const { address, port } = addressOf(cause);
  const local = address === undefined || address === "::1" || address.startsWith("127.");
  return unreachable(`${service} is not running: nothing answers on port ${port ?? "?"}.`, {
    retryable: !local,
    hint: local ? "Start it, or correct its address." : "Check the address.",
  });
}

/** `localhost` is two addresses, so its refusal is an AggregateError with the details inside. */
function addressOf(cause: Error & { address?: string; port?: number }): { address?: string; port?: number } {
  return cause instanceof AggregateError ? addressOf(cause.errors[0]) : cause;
}

function lost(service: string): ModelError {
  return {
    kind: "cut_off",
    message: `${service} closed the connection before its reply was complete.`,
    retryable: true,
  };
}

function unreachable(message: string, more: { retryable?: boolean; hint?: string } = {}): ModelError {
  return { kind: "unreachable", message, retryable: true, ...more };
}
