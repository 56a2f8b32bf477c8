/** Verdicts as a person reads them, and as machines do. */
import { styleText } from "node:util";
import { type Stage, stageOf, stages } from "./check.ts";
import { type Preflight, type Proof, protocolNames } from "./preflight.ts";
import { examples, type Role, roles } from "./roles.ts";
import type { Verdict } from "./run.ts";

export const formats = ["text", "json", "tap", "junit"] as const;
export type Format = (typeof formats)[number];

/** What is printed before the first verdict, with each verdict, and at the end. */
export interface Report {
  begin(found: Preflight): string;
  verdict(verdict: Verdict): string;
  end(verdicts: readonly Verdict[], found: Preflight): string;
}

export function reportIn(format: Format, isVerbose: boolean): Report {
  if (format === "json")
    return {
      begin: (found) => line({ preflight: summary(found) }),
      verdict: (verdict) => line(plain(verdict)),
      end: (all) => line({ total: counts(all) }),
    };
  if (format === "tap") return { begin: () => "TAP version 14\n", verdict: () => "", end: tap };
  if (format === "junit") return { begin: () => "", verdict: () => "", end: junit };
  return { begin: screen, verdict: (verdict) => lines(verdict, isVerbose), end: lastLines };
}

const line = (value: unknown) => `${JSON.stringify(value)}\n`;

function summary({ subject, path, isStreamed, model, offered, unproven }: Preflight) {
  const tools = Object.fromEntries(subject.tools.map(({ role, name }) => [role, name]));
  return {
    dialect: subject.dialect,
    path,
    streamed: isStreamed,
    model,
    offered,
    tools,
    unproven: unproven.map(({ tool }) => tool.name),
  };
}

function plain({ check, outcome, message, calls, evidence, ms }: Verdict) {
  return { id: check.id, level: check.level, title: check.title, outcome, message, calls, evidence, ms };
}

/** The tools that look like nothing that could be tried. */
function unknownTools({ subject, offered, unproven }: Preflight): string[] {
  const known = [...subject.tools, ...unproven.map(({ tool }) => tool)];
  return offered.filter((name) => !known.some((tool) => tool.name === name));
}

/** The preflight, on one screen. */
function screen(found: Preflight): string {
  const { subject, path, isStreamed, model, offered, unproven, leaves } = found;
  const others = unknownTools(found);
  const { tools, dialect, setup, isAbsolute } = subject;
  const rows = roles.map((role) => {
    const tool = tools.find((tool) => tool.role === role);
    const failed = unproven.find(({ tool }) => tool.role === role);
    if (tool) return `  ${role.padEnd(8)}${tool.name}`;
    if (failed) return `  ${role.padEnd(8)}${failed.tool.name}: ${oneLine(whatHappened(role, failed))}`;
    return `  ${role.padEnd(8)}none: its checks are skipped`;
  });
  const forms = (["piped", "conversation"] as const).filter((form) => setup[form] === undefined);
  return [
    `agent     ${setup.oneShot}`,
    `protocol  ${protocolNames[dialect]}, ${isStreamed ? "streamed" : "not streamed"} (${path})`,
    `model     ${model}`,
    `tools     ${offered.length === 0 ? "none" : `tried with ${isAbsolute ? "absolute" : "relative"} paths`}`,
    ...(offered.length === 0 ? [] : rows),
    ...(others.length > 0 ? [`  unused  ${others.join(", ")}`] : []),
    ...(forms.length > 0
      ? [`skipped   ${forms.join(" and ")}: no command in eightfold-check.json (see --contract)`]
      : []),
    ...(leaves === undefined
      ? []
      : [`leaves    ${leaves}: it still ran when the agent had ended; each check ends it`]),
    "",
    "",
  ].join("\n");
}

/** What the preflight sees of a tool that does what its role says. */
const proofs: Readonly<Record<Role, string>> = {
  read: "the text of read-me.txt in the result",
  list: "read-me.txt in the result",
  search: "read-me.txt in the result",
  edit: "NONCE-7731 in edit-me.txt",
  write: "the file written.txt",
  shell: "the command's output in the result",
};

function whatHappened(role: Role, { input, result }: Proof): string {
  if (input === undefined) return result;
  return `not seen: ${proofs[role]}. Called with ${JSON.stringify(input)}, it answered: ${result || "(nothing)"}`;
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, " ").trim().slice(0, 300);

const looks = {
  passed: ["green", "ok"],
  failed: ["red", "FAILED"],
  skipped: ["yellow", "skip"],
  "not reached": ["dim", "-"],
} as const;

function lines({ check, outcome, message, calls = [], evidence }: Verdict, isVerbose: boolean): string {
  if (outcome === "not reached") return "";
  const [colour, mark] = looks[outcome];
  const first = `${styleText(colour, mark.padEnd(6), { stream: process.stdout })}  ${check.title}\n`;
  if (outcome === "passed") return first;
  if (outcome === "skipped") return isVerbose ? `${first}        ${message}\n` : "";
  const more = [
    `--only ${check.id}`,
    ...calls.map((call) => `called: ${call}`),
    message ?? "",
    `hint: ${check.hint}`,
    ...(isVerbose ? [check.more] : []),
    ...(evidence ? [`kept: ${evidence} (replay.sh plays it again)`] : []),
  ];
  return `${first}${more.join("\n").replaceAll(/^/gm, "        ")}\n\n`;
}

function counts(verdicts: readonly Verdict[]) {
  const of = (outcome: Verdict["outcome"]) =>
    verdicts.filter((verdict) => verdict.outcome === outcome).length;
  return {
    passed: of("passed"),
    failed: of("failed"),
    skipped: of("skipped"),
    notReached: of("not reached"),
  };
}

function lastLines(verdicts: readonly Verdict[], found: Preflight): string {
  const { passed, failed, skipped, notReached } = counts(verdicts);
  const first = verdicts.find(({ outcome }) => outcome === "failed");
  const total = `\n${passed} passed, ${failed} failed, ${skipped} skipped, ${notReached} not reached.\n`;
  const isWhole = stages.every((stage) => verdicts.some(({ check }) => stageOf(check) === stage));
  if (first === undefined) return isWhole ? `${total}${whatIsNext(found)}\n` : total;
  const stage = stageOf(first.check);
  const rest = verdicts.filter(
    ({ check, outcome }) => outcome === "failed" && stageOf(check) === stage,
  ).length;
  return `${total}You are at stage "${stage}", with ${rest} to fix. Next: --only ${first.check.id} --hint\n`;
}

/** What to offer next, when nothing has failed. An agent that runs commands needs no other tool. */
function whatIsNext(found: Preflight): string {
  const { subject, unproven } = found;
  const { tools } = subject;
  const [broken] = unproven;
  if (broken)
    return `What was tried is green. The checks of ${broken.tool.name} were skipped, since it did not do what it is for: see above.`;
  const missing = roles.find((role) => !tools.some((tool) => tool.role === role));
  if (missing === undefined || tools.some(({ role }) => role === "shell"))
    return "Every stage that can be tried on this agent is green.";
  const stage = nextStages[missing];
  const others = unknownTools(found);
  return `Everything that can be tried so far is green. Next comes stage "${stage}": offer a tool such as ${examples[missing]}${others.length > 0 ? `, or say in eightfold-check.json which it is of: ${others.join(", ")}` : ""}.`;
}

const nextStages: Readonly<Record<Role, Stage>> = {
  read: "read",
  list: "explore",
  search: "explore",
  edit: "write",
  write: "write",
  shell: "shell",
};

function tap(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ check, outcome, message }, index) => {
    const skip = outcome === "skipped" || outcome === "not reached" ? ` # SKIP ${message ?? outcome}` : "";
    const block = outcome === "failed" ? `\n  ---\n  message: ${JSON.stringify(message)}\n  ...` : "";
    return `${outcome === "failed" ? "not ok" : "ok"} ${index + 1} - ${check.id}: ${check.title}${skip}${block}`;
  });
  return `1..${verdicts.length}\n${rows.join("\n")}\n`;
}

function junit(verdicts: readonly Verdict[]): string {
  const { failed, skipped, notReached } = counts(verdicts);
  const cases = verdicts.map(({ check, outcome, message = outcome, ms }) => {
    const text = xml(message);
    const inner = {
      passed: "",
      failed: `<failure message="${text}"/>`,
      skipped: `<skipped message="${text}"/>`,
      "not reached": "<skipped/>",
    };
    return `  <testcase classname="${stageOf(check)}" name="${xml(`${check.id}: ${check.title}`)}" time="${ms / 1000}">${inner[outcome]}</testcase>`;
  });
  const head = `<testsuite name="eightfold" tests="${verdicts.length}" failures="${failed}" skipped="${skipped + notReached}">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${cases.join("\n")}\n</testsuite>\n`;
}

/** Control characters have no form in XML 1.0: they are left out. */
function xml(text: string): string {
  const names: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\n": "&#10;",
  };
  return text.replaceAll(/[&<>"\n]/g, (sign) => names[sign] ?? "").replaceAll(/\p{Cc}/gu, "");
}
