import { posix } from "node:path";
import { homeFolder } from "@eightfold/workspace";
import { forEachChild, parse, type SyntaxNode } from "unbash";
import { MAX_LENGTH } from "./parse.ts";

/**
 * Commands that nobody means to run: removing the system or the home folder, overwriting a disk, a fork bomb. This is a coarse
 * net under the gate, which asks about all of these anyway. A script can hide any of them.
 * @returns what would happen, or undefined
 */
export function catastropheIn(command: string, depth = 0): string | undefined {
  if (depth > 4 || command.length > MAX_LENGTH) return undefined;
  let found: string | undefined;
  const visit = (node: SyntaxNode): void => {
    if (node.type === "Function" && isForkBomb(node, command)) found ??= "a fork bomb halts the machine";
    if (node.type === "Redirect" && isDisk(node.target?.value ?? "") && node.operator !== "<")
      found ??= `writing to ${node.target?.value} destroys the disk`;
    if (node.type === "Command" && node.name !== undefined) {
      const words = [node.name, ...node.args].map((word) =>
        "value" in word && word.type === "Word" ? word.value : word.text,
      );
      found ??= catastropheOf(words, depth);
    }
    forEachChild(node, visit);
  };
  try {
    visit(parse(command));
  } catch (error) {
    // Brackets that are nested too deeply for the parser: nobody means that.
    if (!(error instanceof RangeError)) throw error;
  }
  return found;
}

/** Programs that run the words behind their own options. */
const WRAPPERS =
  /^(?:sudo|doas|env|command|builtin|exec|nohup|nice|ionice|time|setsid|stdbuf|timeout|xargs|busybox)$/;
const MAX_WORDS = 40;
const SHELLS = /^(?:ba|z|da|k|a|fi)?sh$/;

function catastropheOf([path = "", ...words]: readonly string[], depth: number): string | undefined {
  const name = posix.basename(path);
  if (WRAPPERS.test(name)) {
    // Which of a wrapper's words is the program depends on its options: each may be it.
    return words
      .slice(0, MAX_WORDS)
      .map((word, index) =>
        WRAPPERS.test(posix.basename(word)) ? undefined : catastropheOf(words.slice(index), depth),
      )
      .find((found) => found !== undefined);
  }
  if (name === "eval") return catastropheIn(words.join(" "), depth + 1);
  if (SHELLS.test(name)) {
    const flag = words.findIndex((word) => /^-[a-z]*c$/.test(word));
    return flag < 0 ? undefined : catastropheIn(words[flag + 1] ?? "", depth + 1);
  }
  return programCatastrophe(name, words);
}

function programCatastrophe(name: string, words: readonly string[]): string | undefined {
  const isRecursive = words.some((word) => /^-[A-Za-z]*[rR]|^--recursive$/.test(word));
  const root = words.find(isRoot);
  if (name === "rm" && isRecursive && root !== undefined)
    return `rm -r ${root} removes the system or the home folder`;
  if ((name === "chmod" || name === "chown" || name === "chgrp") && isRecursive && root !== undefined)
    return `${name} -R ${root} takes the system or the home folder apart`;
  if (name === "find" && root !== undefined && words.includes("-delete"))
    return `find ${root} -delete removes the system or the home folder`;
  const disk = words.map((word) => word.replace(/^of=/, "")).find(isDisk);
  const isWritten = /^(?:mkfs(?:\..*)?|mke2fs|wipefs|shred|tee|fdisk|sfdisk|parted|blkdiscard)$/.test(name);
  const isTarget = isDisk((words.at(-1) ?? "").replace(/^of=/, "")) && /^(?:cp|mv|dd)$/.test(name);
  const isOutput = name === "dd" && words.some((word) => word.startsWith("of=") && isDisk(word.slice(3)));
  return disk !== undefined && (isWritten || isTarget || isOutput) ? `${name} destroys ${disk}` : undefined;
}

const SYSTEM =
  /^\/(?:\*|bin|boot|dev|etc|home|lib|lib64|opt|proc|root|sbin|sys|usr|var|Users|System|Library|Applications)?(?:\/\*)?$/;

function isRoot(word: string): boolean {
  const path = word.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, homeFolder());
  if (!path.startsWith("/")) return false;
  const plain = posix.normalize(path).replace(/(?<=.)\/$/, "");
  return SYSTEM.test(plain) || plain === homeFolder() || plain === `${homeFolder()}/*`;
}

function isDisk(word: string): boolean {
  return /^\/dev\/(?:sd|hd|vd|xvd|nvme|mmcblk|disk|rdisk|mapper\/|dm-|md)/.test(word);
}

/** A function that starts itself twice, or itself in the background. */
function isForkBomb(node: Extract<SyntaxNode, { type: "Function" }>, command: string): boolean {
  let calls = 0;
  const visit = (child: SyntaxNode): void => {
    if (child.type === "Command" && child.name?.value === node.name.value) calls += 1;
    forEachChild(child, visit);
  };
  forEachChild(node.body, visit);
  return calls > 1 || (calls > 0 && command.slice(node.body.pos, node.body.end).includes("&"));
}
