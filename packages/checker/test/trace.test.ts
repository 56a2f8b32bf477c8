import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readTrace } from "@eightfold/trace/read";
import { expect, test } from "vitest";
import { phaseSubject } from "../src/index.ts";
import { withWorkbench } from "../src/workbench.ts";

test("a trace that cannot be written, and one that cannot be played, are told in a line before anything is asked", async () => {
  await withWorkbench(await phaseSubject(1, "chat"), async (bench) => {
    await bench.serve([{ text: "Hello." }]);
    const missing = join(bench.outside, "no/such/run.jsonl");
    const notes = join(bench.outside, "../notes.txt");
    await bench.put({ "../notes.txt": "mine" });
    const ends = await Promise.all([
      bench.run(["--trace", missing, "hello"]),
      bench.run(["--trace", notes, "hello"]),
      bench.run(["--model", `replay:${missing}`, "hello"]),
      bench.run(["--model", `replay:${notes}`, "hello"]),
      bench.run(["--model", "replay", "hello"]),
    ]);
    expect(ends.map(({ code, stderr }) => [code, stderr])).toEqual([
      [2, `The trace cannot be written to ${missing}: no such file or directory.\n`],
      [2, `${notes} already exists, and is not a trace. Choose another file for --trace.\n`],
      [2, `The trace ${missing} cannot be read: no such file or directory.\n`],
      [2, `${notes} is not a trace that --trace wrote.\n`],
      [2, "Which trace? Name it: --model replay:FILE\n"],
    ]);
    expect([bench.requests, (await bench.read("../notes.txt")).toString()]).toEqual([[], "mine"]);
  });
});

test("a replay that leaves its trace says where, and ends with 1; one of a trace that was cut says so", async () => {
  await withWorkbench(await phaseSubject(1, "responses"), async (bench) => {
    await bench.serve([{ text: "Hello." }]);
    const file = join(bench.outside, "run.jsonl");
    await bench.run(["--trace", file, "hello"]);
    const text = await readFile(file, "utf8");
    const cut = text.slice(0, text.indexOf('"type":"piece"') + 300);
    await bench.put({ "cut.jsonl": cut });
    const [other, broken] = await Promise.all([
      bench.run(["--model", `replay:${file}`, "hullo"]),
      bench.run(["--model", `replay:${join(bench.folder, "cut.jsonl")}`, "hello"]),
    ]);
    expect(other).toMatchObject({ code: 1, stdout: "" });
    expect(other.stderr.replace(/\s+/g, " ")).toContain(
      'Request 1 differs: messages[0].content, at character 1: recorded "hello", now "hullo".',
    );
    expect(broken).toMatchObject({ code: 1 });
    expect(broken.stderr.replace(/\s+/g, " ")).toContain("The answer to request 1 has no end in it.");
    expect(readTrace(cut).exchanges).toHaveLength(1);
  });
});

test("a trace by somebody else draws nothing on the terminal, and a later version of it is told", async () => {
  await withWorkbench(await phaseSubject(1, "responses"), async (bench) => {
    const start = {
      type: "trace",
      t: 0,
      version: 1,
      started: "2026-11-29T12:00:00Z",
      phase: 1,
      title: "Chat",
    };
    const model = { type: "model", t: 0, model: "\u001b[2J\u202emine:x", reason: "", priced: "" };
    const request = {
      type: "request",
      t: 1,
      lane: "main",
      id: 1,
      turn: 1,
      step: 1,
      attempt: 1,
      method: "POST",
    };
    const lines = [
      start,
      model,
      { ...request, url: "http://h/v1/responses", headers: {}, body: { text: "{}" } },
    ];
    const text = lines.map((line) => JSON.stringify(line)).join("\n");
    await bench.put({ "evil.jsonl": text, "later.jsonl": text.replace('"version":1', '"version":2') });
    const play = (name: string) => bench.run(["--model", `replay:${join(bench.folder, name)}`, "hello"]);
    const [evil, later] = await Promise.all([play("evil.jsonl"), play("later.jsonl")]);
    expect([evil.code, later.code]).toEqual([2, 2]);
    for (const sign of ["\u001b", "\u202e"]) expect(evil.stderr).not.toContain(sign);
    expect(evil.stderr).toContain("mine");
    expect(later.stderr).toContain("is a trace of version 2. This Eightfold plays version 1: update it.");
  });
});
