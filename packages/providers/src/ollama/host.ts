import { UsageError } from "@eightfold/core";

const DEFAULT_PORTS = { http: "80", https: "443" };

/**
 * The address of the server as a URL without a trailing slash. OLLAMA_HOST is written in many ways, and the SDK
 * does not read it: `host`, `host:port`, `:port`, an IPv6 address, a scheme before them, a path behind. As in
 * Ollama's own client, 11434 is the port unless a scheme is given, and "all interfaces" means this machine.
 * https://github.com/ollama/ollama/blob/main/envconfig/config.go
 * @throws UsageError for what is no address
 */
export function ollamaHost(value = ""): string {
  const text = value.trim().replace(/^["']+|["']+$/g, "");
  const [, given, rest = ""] =
    /^(?:(https?):\/\/)?(.*)$/is.exec(text === "ollama.com" ? `https://${text}` : text) ?? [];
  const scheme = given?.toLowerCase() === "https" ? "https" : "http";
  const [authority = "", ...path] = rest.replace(/\/+$/, "").split("/");
  const { host, port } = divide(authority);
  const shownPort = isPort(port) ? port : given === undefined ? "11434" : DEFAULT_PORTS[scheme];
  const url = [`${scheme}://${reachable(host)}:${shownPort}`, ...path].join("/");
  if (!URL.canParse(url) || /[@?#\s]|:\/\//.test(rest)) {
    throw new UsageError(
      "OLLAMA_HOST is no address. It looks like 127.0.0.1:11434 or https://ollama.example.com.",
    );
  }
  return url;
}

function divide(authority: string): { host: string; port: string } {
  const [, bracketed, after] = /^\[([^\]]*)\](?::(.*))?$/.exec(authority) ?? [];
  if (bracketed !== undefined) return { host: bracketed, port: after ?? "" };
  const colons = authority.split(":").length - 1;
  if (colons > 1) return { host: authority, port: "" };
  const [host = "", port = ""] = authority.split(":");
  return { host, port };
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}

function reachable(host: string): string {
  if (host === "" || host === "0.0.0.0") return "127.0.0.1";
  if (!host.includes(":")) return host;
  return host === "::" ? "[::1]" : `[${host}]`;
}
