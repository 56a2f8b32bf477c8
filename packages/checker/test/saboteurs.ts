/** A fault for each check of the core: what is replaced in an agent that passes it. */
export type Fault = readonly (readonly [from: string, to: string])[];

/** In docs/starters/javascript/solution.mjs. */
export const saboteurs: Readonly<Record<string, Fault>> = {
  "chat.answers": [
    ['process.stdout.write(delta.content ?? "")', 'process.stderr.write(delta.content ?? "")'],
  ],
  "chat.piped": [["(await readAll(process.stdin))", '"nothing"']],
  "chat.awkward-bytes": [
    ["body.pipeThrough(new TextDecoderStream())", "eachAlone(body)"],
    [
      "/** An event ends",
      "async function* eachAlone(body) { for await (const bytes of body) yield Buffer.from(bytes).toString(); }\n/** An event ends",
    ],
  ],
  "chat.cut-reply": [["if (finish === undefined) throw", "if (false) throw"]],
  "chat.server-fails": [
    [
      "if (!canPass || attempt === 3) throw error;",
      'return { message: { role: "assistant", content: "" }, finish: "stop" };',
    ],
  ],
  "chat.bad-key": [['.replaceAll(OPENAI_API_KEY || "\\0", "***")', ""]],
  "chat.interrupt": [["process.exit(code)", "process.exit(0)"]],
  "read.reads": [["tool_call_id: call.id, content }", 'tool_call_id: call.id, content: "ok" }']],
  "read.several-calls": [
    [
      "for (const call of message.tool_calls ?? [])",
      "for (const call of message.tool_calls?.slice(0, 1) ?? [])",
    ],
  ],
  "read.unknown-tool": [
    [
      "if (tool === undefined) return",
      "if (tool === undefined) process.exit(1);\n    if (tool === undefined) return",
    ],
  ],
  "read.wrong-arguments": [["return `That did not work", "throw error;\n    return `That did not work"]],
  "read.same-id": [
    [
      "const content = isCut",
      "const known = messages.find(({ tool_call_id: id }) => id === call.id);\n      const content = known ? known.content : isCut",
    ],
  ],
  "read.big-file": [["clip(load(file_path))", "load(file_path)"]],
  "read.pipe": [["if (!statSync(path).isFile())", "if (false)"]],
  "read.cut-off-call": [
    ['finish === "length"', "false"],
    ["JSON.parse(written)", `JSON.parse(written.endsWith("}") ? written : written + '"}')`],
  ],
  "read.long-turn": [
    [
      "messages.push(message);",
      "messages.push(message);\n    if (messages.length > 12) messages.splice(1, 2);",
    ],
  ],
  "explore.lists": [
    ["clip(filesIn(dir).join", 'clip(filesIn(dir).filter((name) => !name.includes(" ")).join'],
  ],
  "explore.finds": [
    ['.split("\\n")\n            .flatMap', '.split("\\n")\n            .slice(0, -1)\n            .flatMap'],
  ],
  "explore.finds-nothing": [['"No match."', '""']],
  "explore.wrong-pattern": [
    ["return new RegExp(text.replaceAll", "process.exit(1);\n    return new RegExp(text.replaceAll"],
  ],
  "explore.bounded": [[': clip(matches.join("\\n"))', ': matches.join("\\n")']],
  "write.creates": [["store(file_path, content)", 'store(file_path, content + "\n")']],
  "write.edits": [
    ["text.replace(before, () => after)", 'text.replaceAll("\\t", "  ").replace(before, () => after)'],
  ],
  "write.dollars": [["() => after", "after"]],
  "write.crlf": [
    ["decoder.decode(readFileSync(path))", 'decoder.decode(readFileSync(path)).replaceAll("\\r\\n", "\\n")'],
  ],
  "write.bom": [["ignoreBOM: true", "ignoreBOM: false"]],
  "write.latin-1": [["fatal: true", "fatal: false"]],
  "write.mode": [
    ["writeFileSync(path, text);", "rmSync(path, { force: true });\n  writeFileSync(path, text);"],
  ],
  "write.not-there": [
    [
      "if (count !== 1) throw",
      "if (count === 0) return store(file_path, text + after);\n      if (count !== 1) throw",
    ],
  ],
  "write.ambiguous": [["if (count !== 1) throw", "if (count === 0) throw"]],
  // As node:child_process words it: the command stands in the message, and the output does not.
  "shell.reports": [["return `exit code", 'return "Command failed: " + command;\n  return `exit code']],
  "shell.in-workspace": [["detached: true }", "detached: true, cwd: tmpdir() }"]],
  "shell.no-input": [['["ignore", out, out]', '["pipe", out, out]']],
  "shell.bounded": [["return `exit code", "return text;\n  return `exit code"]],
  "shell.odd-bytes": [
    ['readFileSync(join(folder, "out")).toString()', 'decoder.decode(readFileSync(join(folder, "out")))'],
  ],
  "shell.background": [
    ['["ignore", out, out]', '["ignore", "pipe", out]'],
    ['child.once("exit"', 'child.once("close"'],
  ],
  "shell.leaves-nothing": [["process.kill(-child.pid", "process.kill(child.pid"]],
  "shell.interrupt": [["process.kill(-child.pid", "process.kill(child.pid"]],
  "shell.terminated": [["process.kill(-child.pid", "process.kill(child.pid"]],
  "shell.hides-keys": [['!name.endsWith("_KEY")', 'name !== "CHECK_KEY"']],
};
