import { type JsonObject, objectOf, objectsOf, stringOf } from "../json.ts";
import { refuse } from "../openai/refusals.ts";
import type { HttpCall } from "../service.ts";
import { readInput } from "./items.ts";
import { notPersisted } from "./reasoning.ts";

/** What the service has given so far. Unless it is told not to, it keeps replies, and what they answered. */
export interface Store {
  /** The output items of each reply, kept or not. */
  readonly issued: (readonly JsonObject[])[];
  add(response: JsonObject, call: HttpCall): void;
  /** The whole conversation: what the previous response had and said, and these items. */
  expand(items: readonly JsonObject[], previous: unknown): JsonObject[];
  /** What a response had and said; nothing for one that is not kept. */
  itemsOf(id: unknown): readonly JsonObject[];
  keepsItem(id: string): boolean;
  /** `GET` and `DELETE /v1/responses/ID`, and its input items; undefined for any other path. */
  lookUp(call: HttpCall): unknown;
}

export function openStore(): Store {
  const issued: (readonly JsonObject[])[] = [];
  const kept = new Map<string, { response: JsonObject; items: JsonObject[] }>();
  const keptItem = (id: unknown) => {
    for (const { items } of kept.values()) {
      const item = items.find((each) => each.id === id);
      if (item !== undefined) return item;
    }
    return undefined;
  };

  function expand(items: readonly JsonObject[], previous: unknown): JsonObject[] {
    const earlier = previous === undefined ? undefined : kept.get(stringOf(previous));
    if (previous !== undefined && earlier === undefined) throw noPrevious(String(previous));
    const own = items.map((item) => {
      if (item.type !== "item_reference") return item;
      const found = keptItem(item.id);
      if (found === undefined) throw notPersisted(stringOf(item.id));
      return found;
    });
    return [...(earlier?.items ?? []), ...own];
  }

  return {
    issued,
    add(response, { body }) {
      const { input, previous_response_id: previous, store } = objectOf(body);
      const output = objectsOf(response.output);
      issued.push(output);
      if (store === false) return;
      const items = [...expand(readInput(input), previous ?? undefined), ...output];
      kept.set(stringOf(response.id), { response, items });
    },
    expand,
    itemsOf: (id) => kept.get(stringOf(id))?.items ?? [],
    keepsItem: (id) => keptItem(id) !== undefined,
    lookUp({ method, path }) {
      const [, id = "", rest] = /^\/v1\/responses\/([^/?]+)(\/input_items)?(?:\?|$)/.exec(path) ?? [];
      if (id === "" || !["GET", "DELETE"].includes(method)) return undefined;
      const found = kept.get(id);
      if (found === undefined) throw noResponse(id);
      if (method === "DELETE") return { id, object: "response", deleted: kept.delete(id) };
      if (rest === undefined) return found.response;
      const given = found.items.slice(0, -objectsOf(found.response.output).length);
      return { object: "list", data: given.toReversed(), has_more: false };
    },
  };
}

const noPrevious = (id: string) =>
  refuse(`Previous response with id '${id}' not found.`, {
    param: "previous_response_id",
    code: "previous_response_not_found",
  });

const noResponse = (id: string) => refuse(`Response with id '${id}' not found.`, { status: 404 });
