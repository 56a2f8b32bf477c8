import { Unproved } from "../tokens.ts";
import { bareCall, type Call, type Kind, type Path, unknown } from "../words.ts";
import type { Program } from "./program.ts";

const COUNT = /^[+-]?\d+[A-Za-z]?$/;
const TYPES = /^[bcdpflsD](?:,[bcdpflsD])*$/;

/** The tests that look, with what follows them. Its actions but for printing are left out: they run, write or delete. */
const TESTS: Readonly<Record<string, Kind | undefined>> = {
  ...all(
    "-print -print0 -ls -prune -empty -executable -readable -writable -true -false -nouser -nogroup -quit",
  ),
  ...all("-a -and -o -or -not ! ( ) , -depth -d -mount -xdev -daystart -noleaf -ignore_readdir_race"),
  ...all("-name -iname -path -ipath -wholename -iwholename -regex -iregex -lname -ilname", "text"),
  ...all("-printf", /^(?!.*\d{4})/s),
  ...all("-regextype -user -group -fstype -newermt", "text"),
  ...all("-type -xtype", TYPES),
  ...all("-size -mtime -atime -ctime -mmin -amin -cmin -links -inum -used -uid -gid", COUNT),
  ...all("-maxdepth -mindepth", /^\d+$/),
  "-perm": /^[-/+]?[0-7augorwxXst=+,-]+$/,
  ...all("-newer -anewer -cnewer -samefile", "path"),
};

function all(names: string, kind?: Kind): Record<string, Kind | undefined> {
  return Object.fromEntries(names.split(" ").map((name) => [name, kind]));
}

/** `find [folder…] [test…]`. The links it meets are not followed: that would be -L. */
export const find: Program = { grammar: read, isBlind: true };

function read(words: readonly string[]): Call {
  const expression = words.findIndex((word) => /^[-!(),]/.test(word));
  const folders = expression < 0 ? words : words.slice(0, expression);
  const paths: Path[] = folders.map((path) => ({ path, kind: "path" }));
  for (let at = folders.length; at < words.length; at++) {
    const test = words[at] ?? "";
    if (!Object.hasOwn(TESTS, test)) throw new Unproved(unknown("find", test));
    const kind = TESTS[test];
    if (kind === undefined) continue;
    const value = words[++at];
    if (value === undefined) throw new Unproved(`find ${test} lacks its value`);
    if (kind === "path") paths.push({ path: value, kind });
    else if (kind instanceof RegExp && !kind.test(value)) throw new Unproved(unknown(`find ${test}`, value));
  }
  return { ...bareCall("find", words), paths };
}
