import { CHARACTERS, FIRST, JOINTS, LAST, OPERANDS, OPTIONS, SYNTAX, WAYS } from "./fuzz-words.ts";

/** A generator of numbers from 0 to 1 that a seed decides: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;
type Mutation = (command: string, random: Random, others: readonly string[]) => string;

/** One to three changes to a command. `others` are commands it may borrow from. */
export function mutate(command: string, random: Random, others: readonly string[]): string {
  let changed = command;
  for (let times = 1 + Math.floor(random() * 3); times > 0; times -= 1) {
    changed = pick(MUTATIONS, random)(changed, random, others);
  }
  return changed;
}

const MUTATIONS: readonly Mutation[] = [
  (command, random) => insertAt(command, pick(SYNTAX, random), random),
  (command, random) => insertAt(command, pick(CHARACTERS, random), random),
  (command, random) => insertWord(command, pick(OPTIONS, random), random),
  (command, random) => insertWord(command, pick(OPERANDS, random), random),
  (command, random) => replaceWord(command, () => pick(OPERANDS, random), random),
  (command, random) => replaceWord(command, (word) => quoted(word, random), random),
  (command, random) => replaceWord(command, (word) => cut(word, random), random),
  (command, random) => replaceWord(command, (word) => `${word}${pick(OPERANDS, random)}`, random),
  (command, random) => replaceWord(command, (word) => `${pick(WAYS, random)}${word}`, random),
  (command, random) => swapWords(command, random),
  (command, random) => `${pick(FIRST, random)} ${pick(JOINTS, random)} ${command}`,
  (command, random) => `${command} ${pick(JOINTS, random)} ${pick(LAST, random)}`,
  (command, random, others) => `${command} ${pick(JOINTS, random)} ${pick(others, random)}`,
  (command, random, others) => splice(command, pick(others, random), random),
  (command, random) => doubled(command, random),
  (command, random) => without(command, random),
];

function pick<Item>(items: readonly Item[], random: Random): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error("There is nothing to pick from.");
  return item;
}

function insertAt(command: string, text: string, random: Random): string {
  const at = Math.floor(random() * (command.length + 1));
  return command.slice(0, at) + text + command.slice(at);
}

function insertWord(command: string, word: string, random: Random): string {
  const words = command.split(" ");
  words.splice(1 + Math.floor(random() * words.length), 0, word);
  return words.join(" ");
}

function replaceWord(command: string, change: (word: string) => string, random: Random): string {
  const words = command.split(" ");
  const at = Math.floor(random() * words.length);
  return words.map((word, index) => (index === at ? change(word) : word)).join(" ");
}

function swapWords(command: string, random: Random): string {
  const words = command.split(" ");
  const [a, b] = [Math.floor(random() * words.length), Math.floor(random() * words.length)];
  return words.map((word, index) => (index === a ? words[b] : index === b ? words[a] : word)).join(" ");
}

function quoted(word: string, random: Random): string {
  const at = Math.floor(random() * word.length);
  const forms = [
    `'${word}'`,
    `"${word}"`,
    `${word.slice(0, at)}''${word.slice(at)}`,
    `${word.slice(0, at)}\\${word.slice(at)}`,
  ];
  return pick(forms, random);
}

function cut(word: string, random: Random): string {
  return word.slice(0, Math.floor(random() * word.length));
}

function splice(command: string, other: string, random: Random): string {
  const at = Math.floor(random() * command.length);
  return command.slice(0, at) + other.slice(Math.floor(random() * other.length));
}

function doubled(command: string, random: Random): string {
  const words = command.split(" ");
  const word = pick(words, random);
  return replaceWord(command, (own) => (own === word ? `${own} ${own}` : own), random);
}

function without(command: string, random: Random): string {
  const words = command.split(" ");
  const at = Math.floor(random() * words.length);
  return words.filter((_, index) => index !== at).join(" ");
}
