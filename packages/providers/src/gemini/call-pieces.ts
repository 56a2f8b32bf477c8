/**
 * Calls whose arguments come in pieces, each for a place: `{ "jsonPath": "$.path", "stringValue": "a.t", "willContinue": true }`.
 * https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling#streaming-fc
 */
import type { WireRecord } from "../answer.ts";
import { isRecord, listOf, recordOf, textOf } from "../wire-values.ts";

/** Reads the parts of one reply. `isOpen` tells whether a call lacks its end. */
export function readCallPieces() {
  let begun: WireRecord | undefined;
  let args: Container = Object.create(null);

  return {
    isOpen: () => begun !== undefined,
    /** The part itself, or all of the call that it completes; none while more of that call is to come. */
    read(part: WireRecord): WireRecord[] {
      const call = recordOf(part.functionCall);
      const { partialArgs, willContinue, ...rest } = call;
      const isPiece = partialArgs !== undefined || willContinue === true;
      const isNext = begun !== undefined && "functionCall" in part && !rest.name;
      if (!isPiece && !isNext) return [part];
      if (!isNext) args = Object.create(null);
      begun = isNext ? { ...part, ...begun } : { ...part, functionCall: rest };
      for (const piece of listOf(partialArgs).filter(isRecord)) add(args, piece);
      if (willContinue === true) return [];
      // As JSON has it: a name such as "__proto__" is a name like any other there.
      const whole = {
        ...begun,
        functionCall: { ...recordOf(begun.functionCall), args: JSON.parse(JSON.stringify(args)) },
      };
      begun = undefined;
      return [whole];
    },
  };
}

type Container = Record<string | number, unknown>;

function add(args: Container, piece: WireRecord): void {
  const places = [...textOf(piece.jsonPath).matchAll(/\.([^.[\]]+)|\[(\d{1,4})\]|\[["']([^\]]*)["']\]/g)];
  const keys = places.map(([, name, index, quoted]) =>
    index === undefined ? (name ?? quoted ?? "") : Number(index),
  );
  const last = keys.pop();
  if (last === undefined) return;
  const owner = keys.reduce<Container>((container, key, at) => {
    const isList = typeof (keys[at + 1] ?? last) === "number";
    const inner = Object.hasOwn(container, key) ? container[key] : undefined;
    const next = (typeof inner === "object" && inner) || (isList ? [] : Object.create(null));
    container[key] = next;
    return next as Container;
  }, args);
  const { stringValue, numberValue, boolValue } = piece;
  const before = Object.hasOwn(owner, last) ? textOf(owner[last]) : "";
  owner[last] = stringValue === undefined ? (numberValue ?? boolValue ?? null) : before + textOf(stringValue);
}
