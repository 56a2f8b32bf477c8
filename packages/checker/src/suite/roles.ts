/** What an agent's tools are for, told by their names and schemas; and how a model calls each. */
import type { ScriptedCall, ViewTool } from "@eightfold/wire";
import type { ToolMap } from "./setup.ts";

export const roles = ["read", "list", "search", "edit", "write", "shell"] as const;
export type Role = (typeof roles)[number];

export function isRole(name: string): name is Role {
  return (roles as readonly string[]).includes(name);
}

/** A tool for each role that is recognised without a map. */
export const examples: Readonly<Record<Role, string>> = {
  read: "read_file(path)",
  list: "list_files(path)",
  search: "search(pattern, path)",
  edit: "edit_file(path, old_text, new_text)",
  write: "write_file(path, content)",
  shell: "run_bash(command)",
};

/** The arguments of a role, in our words. */
export type Arguments = Readonly<Record<string, string>>;

/** A tool of the agent that does what a role says. */
export interface RoleTool {
  readonly role: Role;
  readonly name: string;
  call(input: Arguments): ScriptedCall;
}

interface Signature {
  readonly name: RegExp;
  /** Our word for an argument, and what it is called elsewhere. Those with a ? may be missing. */
  readonly arguments: Readonly<Record<string, RegExp>>;
  readonly optional?: readonly string[];
}

const PATH =
  /^(?:(?:absolute|target|relative|full)?_?(?:file|dir|directory|folder)?_?(?:path|name)s?|files?|filename|target_file|dir|directory|folder)$/i;

const signatures: Readonly<Record<Role, Signature>> = {
  read: { name: /read|view|cat|open|show/i, arguments: { path: PATH } },
  list: {
    name: /^(?:ls|dir|tree|glob)$|list|files|glob/i,
    arguments: { path: PATH, pattern: /^(?:pattern|glob)$/i },
    optional: ["path", "pattern"],
  },
  search: {
    name: /grep|search|^rg$|ripgrep/i,
    arguments: { pattern: /^(?:pattern|query|regexp?|search(?:_?term)?|text|term|needle)$/i, path: PATH },
    optional: ["path"],
  },
  edit: {
    name: /edit|replace|patch|modify|update|change/i,
    arguments: {
      path: PATH,
      old: /^(?:old|search|find|before|original|from|target)(?:_?(?:text|string|str|content|code))?$/i,
      new: /^(?:new|replace(?:ment)?|with|after|updated|to)(?:_?(?:text|string|str|content|code|with))?$/i,
    },
  },
  write: {
    name: /write|create|save/i,
    arguments: { path: PATH, content: /^(?:(?:file_?)?(?:contents?|text)|data|body|new_?content)$/i },
  },
  shell: {
    name: /bash|shell|exec|command|terminal|^run|sh$/i,
    arguments: {
      command: /^(?:command|cmd|script|code|input|commands|(?:command|cmd|shell)_?(?:line|command))$/i,
    },
  },
};

/** What an argument is called that says which of its deeds a tool shall do, such as Anthropic's text editor has. */
const deeds: Readonly<Record<Role, RegExp>> = {
  read: /^(?:view|read|open|show)$/i,
  list: /^(?:list|ls|tree)$/i,
  search: /^(?:search|grep|find)$/i,
  edit: /^(?:str_?replace|replace|edit|update)$/i,
  write: /^(?:create|write|save)$/i,
  shell: /^(?:run|exec|execute|bash|shell)$/i,
};

/** The agent's tools by role. What its author maps wins over what names and schemas say. */
export function recognise(
  tools: readonly ViewTool[],
  maps: Readonly<Partial<Record<Role, ToolMap>>>,
): RoleTool[] {
  const taken = new Set(Object.values(maps).map(({ name }) => name));
  return roles.flatMap((role): RoleTool[] => {
    const map = maps[role];
    const candidates = map
      ? tools.filter(({ name }) => name === map.name)
      : tools.filter((tool) => (!taken.has(tool.name) || doesSeveral(tool)) && fits(tool, role));
    const tool = candidates.toSorted((one, other) => extras(one, role) - extras(other, role))[0];
    if (tool === undefined) return [];
    taken.add(tool.name);
    return [
      {
        role,
        name: tool.name,
        call: (input) => ({ name: tool.name, input: inputOf(tool, role, input, map) }),
      },
    ];
  });
}

interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly anyOf?: readonly Schema[];
}

const schemaOf = ({ parameters }: ViewTool): Schema => (parameters ?? {}) as Schema;

function fits(tool: ViewTool, role: Role): boolean {
  const { name, arguments: wanted, optional = [] } = signatures[role];
  if (doesSeveral(tool) ? deedOf(tool, role) === undefined : !name.test(tool.name)) return false;
  return Object.keys(wanted).every(
    (word) => optional.includes(word) || placeOf(schemaOf(tool), role, word) !== undefined,
  );
}

const doesSeveral = (tool: ViewTool) => roles.filter((role) => deedOf(tool, role) !== undefined).length > 1;

/** The property that says what a tool shall do, and its value for this role. */
function deedOf(tool: ViewTool, role: Role): [property: string, value: unknown] | undefined {
  for (const [property, { enum: values = [] }] of Object.entries(schemaOf(tool).properties ?? {})) {
    const value = values.find((value) => deeds[role].test(String(value)));
    if (value !== undefined) return [property, value];
  }
  return undefined;
}

/** How many arguments a tool requires that its role has no word for: the plainest tool is taken. */
function extras(tool: ViewTool, role: Role): number {
  const { required = [] } = schemaOf(tool);
  const words = Object.keys(signatures[role].arguments);
  const known = new Set(words.map((word) => placeOf(schemaOf(tool), role, word)?.[0]));
  return required.filter((property) => !known.has(property)).length;
}

/** Where an argument goes: a property, or one of the objects in a list of edits. */
function placeOf(schema: Schema, role: Role, word: string, named?: string): string[] | undefined {
  const pattern = signatures[role].arguments[word];
  const matches = (name: string) => (named === undefined ? pattern?.test(name) === true : name === named);
  const { properties = {} } = schema;
  const own = Object.keys(properties).find(matches);
  if (own !== undefined) return [own];
  for (const [list, { items }] of Object.entries(properties)) {
    const inner = Object.keys(items?.properties ?? {}).find(matches);
    if (inner !== undefined) return [list, inner];
  }
  return undefined;
}

function inputOf(
  tool: ViewTool,
  role: Role,
  given: Arguments,
  map: ToolMap | undefined,
): Record<string, unknown> {
  const schema = schemaOf(tool);
  const input: Record<string, unknown> = {};
  for (const [word, value] of Object.entries(given)) {
    const [property, inner] = placeOf(schema, role, word, map?.arguments?.[word]) ?? [];
    if (property === undefined) continue;
    if (inner === undefined) input[property] = asItsType(schema.properties?.[property], role, value);
    else input[property] = [{ ...(input[property] as [object] | undefined)?.[0], [inner]: value }];
  }
  const [choice, deed] = deedOf(tool, role) ?? [];
  if (choice !== undefined && doesSeveral(tool)) input[choice] = deed;
  for (const property of schema.required ?? [])
    if (!(property in input)) input[property] = filler(property, schema.properties?.[property]);
  return input;
}

/** A command is sometimes a list of words, and a path one of several. */
function asItsType(schema: Schema | undefined, role: Role, value: string): unknown {
  if (!/^array$/i.test(String(schema?.type))) return value;
  return role === "shell" ? ["bash", "-lc", value] : [value];
}

/** A limit of 1, of lines or of milliseconds, would keep the tool from its work. */
const IS_LIMIT = /limit|max|count|time_?out|length|size|depth|end/i;
const PLENTY = 60_000;

/** Something for an argument that the tool wants, and that no role has a word for. */
function filler(property: string, schema: Schema = {}): unknown {
  if (schema.default !== undefined) return schema.default;
  // Under OpenAI's strict schemas, what is optional is required, and may be null.
  if ([schema.type, ...(schema.anyOf ?? []).map(({ type }) => type)].flat().includes("null")) return null;
  if (schema.enum?.[0] !== undefined) return schema.enum[0];
  // Gemini's own schemas write their types in capitals.
  const type = String(Array.isArray(schema.type) ? schema.type[0] : schema.type).toLowerCase();
  if (type === "boolean") return false;
  if (type === "integer" || type === "number")
    return IS_LIMIT.test(property) ? Math.min(PLENTY, schema.maximum ?? PLENTY) : (schema.minimum ?? 1);
  if (type === "array") return [];
  if (type === "object") return {};
  return "check";
}
