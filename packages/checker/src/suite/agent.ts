/** The agent of one check: the service that it asks, how it is started, and everything that went back and forth. */
import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type RecordedRequest,
  type ScriptedReply,
  startWire,
  type WireOptions,
  type WireServer,
} from "@eightfold/wire";
import { type AgentProcess, type Ended, startProcess } from "../agent-process.ts";
import { type AgentTerminal, startTerminal } from "../agent-terminal.ts";
import { cleanEnvironment } from "../workbench.ts";
import { canBeCopied, type Evidence } from "./evidence.ts";
import { MARK } from "./left-behind.ts";
import { quoted, type Setup } from "./setup.ts";

/** The reply to each request of the turn. Requests without tools, beside the turn, are answered with a text. */
export type Reply = (request: RecordedRequest, index: number) => ScriptedReply | Promise<ScriptedReply>;

export interface StartOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Another command than the one for a request. */
  readonly command?: string;
}

export interface Agent {
  readonly requests: readonly RecordedRequest[];
  /** The questions that were no request for a reply. */
  readonly lookUps: readonly string[];
  serve(reply: Reply, options?: WireOptions): Promise<WireServer>;
  start(request: string, options?: StartOptions): AgentProcess;
  converse(command: string): Promise<AgentTerminal>;
  evidence(): Evidence;
  /** Ends it, and the service. */
  end(): Promise<void>;
}

/** Everything that one check has started, and what was said. */
interface Used {
  /** The last request that the agent was started with. */
  request: string;
  readonly servers: WireServer[];
  readonly replies: ScriptedReply[];
  readonly processes: AgentProcess[];
  readonly terminals: AgentTerminal[];
}

/** @param base the folder of the check: the workspace is in it, and a home folder, when the setup gives one */
export function openAgent(setup: Setup, base: string, hasTools: boolean): Agent {
  const folder = join(base, "workspace");
  const used: Used = { request: "", servers: [], replies: [], processes: [], terminals: [] };
  return {
    get requests() {
      return used.servers.flatMap(({ requests }) => requests);
    },
    get lookUps() {
      return used.servers.flatMap(({ lookUps }) => lookUps);
    },
    async serve(reply, options = {}) {
      await copyFolder(folder, join(base, "before"));
      const server = await startWire("any", recorded(reply, hasTools, used.replies), options);
      used.servers.push(server);
      for (const [path, text] of Object.entries(setup.home ?? {}))
        await write(join(base, "home", path), filledIn(text, variables(server)));
      return server;
    },
    start(request, { command = setup.oneShot, input, env = {} } = {}) {
      used.request = request;
      const words = shellCommand(command, input === undefined ? [request] : []);
      const agent = startProcess(words, {
        env: { ...environment(setup, base, used), ...env },
        cwd: folder,
        input,
      });
      used.processes.push(agent);
      return agent;
    },
    async converse(command) {
      const terminal = await startTerminal(shellCommand(command, []), environment(setup, base, used), folder);
      used.terminals.push(terminal);
      return terminal;
    },
    evidence: () => evidenceOf(setup, base, used),
    async end() {
      for (const agent of [...used.processes, ...used.terminals]) agent.kill();
      await Promise.all(used.servers.map((server) => server.close()));
    },
  };
}

function environment(setup: Setup, base: string, { servers }: Used): NodeJS.ProcessEnv {
  return {
    ...cleanEnvironment(),
    ...(setup.home && { HOME: join(base, "home") }),
    ...Object.assign({}, ...servers.map(variables)),
    ...setup.env,
    [MARK]: base,
  };
}

function evidenceOf(setup: Setup, base: string, used: Used): Evidence {
  const output = [
    ...used.processes.map(({ stdout, stderr }) => `stdout:\n${stdout}\nstderr:\n${stderr}`),
    ...used.terminals.map(({ screen }) => `screen:\n${screen}`),
  ];
  return {
    setup,
    request: used.request,
    before: join(base, "before"),
    after: join(base, "workspace"),
    requests: used.servers.flatMap(({ requests }) => requests),
    replies: [...used.replies],
    output: output.join("\n"),
  };
}

/** Keeps what is replied, and answers what an agent asks beside the turn, such as a title for it. */
function recorded(
  reply: Reply,
  hasTools: boolean,
  replies: ScriptedReply[],
): (request: RecordedRequest) => Promise<ScriptedReply> {
  let index = 0;
  return async (request) => {
    const isBeside = hasTools && request.view.tools.length === 0;
    const answer = isBeside ? { text: "A title" } : await reply(request, index++);
    replies.push(answer);
    return answer;
  };
}

async function copyFolder(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, verbatimSymlinks: true, filter: canBeCopied });
}

/** What the agent finds in its environment: each vendor's own names, and ours for all of them. */
function variables({ url, env }: WireServer): Record<string, string> {
  const { EIGHTFOLD_MODEL: model = "", ...vendors } = env;
  const name = model.slice(model.indexOf(":") + 1);
  return {
    ...vendors,
    EIGHTFOLD_MODEL: model,
    CHECK_URL: url,
    CHECK_KEY: env.OPENAI_API_KEY ?? "",
    CHECK_MODEL: name,
  };
}

function filledIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(\w+)/g, (whole, name: string) => values[name] ?? whole);
}

/** `exec`, so that signals reach the agent itself. */
function shellCommand(command: string, words: readonly string[]): string[] {
  const isPlaced = command.includes("{request}");
  const text = isPlaced
    ? command.replaceAll("{request}", words.map(quoted).join(" ") || "''")
    : `${command} "$@"`;
  return ["/bin/sh", "-c", `exec ${text}`, "sh", ...words];
}

export async function write(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** "exit code 1", "SIGINT". */
export function ending({ code, signal }: Ended): string {
  return signal ?? `exit code ${code}`;
}

/** Its last words: the line that names an error, or the last one. */
export function said({ stdout, stderr }: Ended): string {
  const lines = `${stdout}\n${stderr}`
    .split("\n")
    .map((line) => line.trim())
    // `go run` adds how the program has ended.
    .filter((line) => line !== "" && !/^exit status \d+$/.test(line));
  const line =
    lines.findLast((text) =>
      /\b\w*(?:Error|Exception)\b|error:|cannot|can't|not found|no such|refused|denied|too long/.test(text),
    ) ?? lines.at(-1);
  return line === undefined ? "" : ` It said: ${line.slice(0, 300).replace(/[^.!?]$/, "$&.")}`;
}

/** The keys that the agent has sent. */
export function keysOf({ requests }: Pick<Agent, "requests">): string[] {
  const keys = requests.flatMap(({ headers }) => {
    const { authorization = "", "x-api-key": anthropic = "", "x-goog-api-key": google = "" } = headers;
    return [authorization.replace(/^Bearer /, ""), anthropic, google];
  });
  return [...new Set(keys)].filter((key) => key.length >= 8);
}
