#!/usr/bin/env node
// A coding agent in one file, with nothing but Node: node solution.mjs "your request". Its replies are streamed.
import { spawn } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text as readAll } from "node:stream/consumers";

const {
  OPENAI_BASE_URL = "https://api.openai.com/v1",
  OPENAI_API_KEY = "",
  CHECK_MODEL = "gpt-5.4-mini",
} = process.env;
const LIMIT = 30_000; // characters of one result
const STEPS = 50; // replies of one turn
let endCommand = () => {};

/** Strict: a decoder that guesses would destroy the bytes on the way back. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function clip(text) {
  if (text.length <= LIMIT) return text || "(empty)";
  return `${text.slice(0, LIMIT / 2)}\n[${text.length - LIMIT} characters are left out]\n${text.slice(-LIMIT / 2)}`;
}

function load(path) {
  if (!statSync(path).isFile()) throw new Error(`${path} is not a regular file`);
  return decoder.decode(readFileSync(path));
}

function store(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text); // in place: the mode stays
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if ([".git", "node_modules"].includes(entry.name)) return [];
    if (entry.isDirectory()) return filesIn(join(folder, entry.name));
    return entry.isFile() ? [join(folder, entry.name)] : [];
  });
}

function asPattern(text) {
  try {
    return new RegExp(text);
  } catch {
    return new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  }
}

const tools = {
  view: { fields: ["file_path"], run: ({ file_path }) => clip(load(file_path)) },
  ls: { fields: ["dir"], run: ({ dir }) => clip(filesIn(dir).join("\n")) },
  grep: {
    fields: ["pattern", "dir"],
    run({ pattern, dir }) {
      const wanted = asPattern(pattern);
      const matches = filesIn(dir).flatMap((path) => {
        try {
          return load(path)
            .split("\n")
            .flatMap((line, index) => (wanted.test(line) ? [`${path}:${index + 1}: ${line}`] : []));
        } catch {
          return []; // no text
        }
      });
      return clip(matches.join("\n")) === "(empty)" ? "No match." : clip(matches.join("\n"));
    },
  },
  str_replace: {
    fields: ["file_path", "old_str", "new_str"],
    run({ file_path, old_str, new_str }) {
      const text = load(file_path);
      const isCrlf = text.includes("\r\n") && !text.includes(old_str);
      const [before, after] = isCrlf
        ? [old_str, new_str].map((part) => part.replaceAll("\n", "\r\n"))
        : [old_str, new_str];
      const count = before === "" ? 0 : text.split(before).length - 1;
      if (count !== 1) throw new Error(`old_str is in ${file_path} ${count} times, and must be there once`);
      store(
        file_path,
        text.replace(before, () => after),
      ); // a function: $& has no meaning in what it returns
      return "Edited.";
    },
  },
  create: {
    fields: ["file_path", "content"],
    run({ file_path, content }) {
      store(file_path, content);
      return "Written.";
    },
  },
  bash: { fields: ["command"], run: ({ command }) => runCommand(command) },
};

/** Its output goes to a file: a child in the background would hold a pipe open. */
async function runCommand(command) {
  const folder = mkdtempSync(join(tmpdir(), "agent-"));
  const out = openSync(join(folder, "out"), "w");
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.endsWith("_KEY")));
  const child = spawn("bash", ["-c", command], { stdio: ["ignore", out, out], env, detached: true });
  endCommand = () => {
    try {
      process.kill(-child.pid, "SIGKILL"); // the whole group
    } catch {
      // It has ended.
    }
  };
  const timer = setTimeout(endCommand, 120_000);
  const [code, signal] = await new Promise((resolve) => child.once("exit", (...how) => resolve(how)));
  clearTimeout(timer);
  endCommand();
  const text = readFileSync(join(folder, "out")).toString().replaceAll("\0", "");
  rmSync(folder, { recursive: true });
  return `exit code: ${code ?? signal}\n${clip(text)}`;
}

/** Whatever is wrong with a call is its result: the model reads it, and does better. */
async function runCall({ name, arguments: written }) {
  try {
    const tool = tools[name];
    if (tool === undefined) return `There is no tool ${name}. There are: ${Object.keys(tools).join(", ")}.`;
    const input = JSON.parse(written);
    const wrong = tool.fields.find((field) => typeof input?.[field] !== "string");
    return wrong ? `${wrong} must be a string.` : await tool.run(input);
  } catch (error) {
    return `That did not work: ${error.message}`;
  }
}

const declarations = Object.entries(tools).map(([name, { fields }]) => {
  const properties = Object.fromEntries(fields.map((field) => [field, { type: "string" }]));
  return {
    type: "function",
    function: { name, parameters: { type: "object", properties, required: fields } },
  };
});

/** One attempt at one reply. Its text is printed as it comes. */
async function ask(messages) {
  const body = JSON.stringify({ model: CHECK_MODEL, messages, tools: declarations, stream: true });
  const headers = { "content-type": "application/json", authorization: `Bearer ${OPENAI_API_KEY}` };
  const response = await fetch(`${OPENAI_BASE_URL}/chat/completions`, { method: "POST", headers, body });
  if (!response.ok) {
    const said = (await response.text()).replaceAll(OPENAI_API_KEY || "\0", "***");
    throw Object.assign(new Error(`The service answers ${response.status}: ${said.slice(0, 500)}`), {
      status: response.status,
    });
  }
  const message = { role: "assistant", content: "" };
  const calls = [];
  let finish;
  for await (const { delta = {}, finish_reason } of choicesOf(response.body)) {
    process.stdout.write(delta.content ?? "");
    message.content += delta.content ?? "";
    for (const { index, id, function: part } of delta.tool_calls ?? []) {
      calls[index] ??= { id, type: "function", function: { name: part.name, arguments: "" } };
      calls[index].function.arguments += part.arguments ?? "";
    }
    finish = finish_reason ?? finish;
  }
  if (finish === undefined) throw new Error("The reply broke off.");
  return { message: calls.length > 0 ? { ...message, tool_calls: calls } : message, finish };
}

/** An event ends with an empty line. What follows the last one is kept until its rest has come. */
async function* choicesOf(body) {
  let rest = "";
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const events = (rest + text).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      const data = event.replace(/^data: /, "");
      if (data !== "[DONE]") yield JSON.parse(data).choices[0] ?? {};
    }
  }
}

async function askAgain(messages, attempt = 0) {
  try {
    return await ask(messages);
  } catch (error) {
    const canPass = error.status === undefined || [429, 500, 502, 503, 504, 529].includes(error.status);
    if (!canPass || attempt === 3) throw error;
    await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** attempt));
    return askAgain(messages, attempt + 1);
  }
}

async function turn(messages) {
  for (let step = 0; step < STEPS; step++) {
    const { message, finish } = await askAgain(messages);
    messages.push(message);
    for (const call of message.tool_calls ?? []) {
      const isCut = finish === "length";
      const content = isCut ? "Not run: the reply was cut off." : await runCall(call.function);
      messages.push({ role: "tool", tool_call_id: call.id, content });
    }
    if (message.tool_calls === undefined) return;
  }
  throw new Error(`Stopped after ${STEPS} replies.`);
}

for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
  process.once(signal, () => {
    endCommand();
    process.exit(code);
  });
}
const request = process.argv.slice(2).join(" ") || (await readAll(process.stdin));
try {
  await turn([{ role: "user", content: request }]);
  process.stdout.write("\n");
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
