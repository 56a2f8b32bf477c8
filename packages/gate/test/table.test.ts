import { describe, expect, test } from "vitest";
import { files } from "../src/programs/files.ts";
import { text } from "../src/programs/text.ts";
import { sceneForAll, wrongly } from "./scene.ts";
import { table } from "./table.ts";

const scene = sceneForAll();

test("every program of the table has its examples", () => {
  const names = Object.keys({ ...files, ...text }).flatMap((key) => key.split(" "));
  expect(Object.keys(table).sort()).toEqual(names.sort());
});

describe.each(Object.entries(table))("%s", (_, { reads, asks }) => {
  test("only reads", async () => {
    expect(await wrongly("reads", reads, scene.workspace)).toEqual([]);
  });

  test("is asked about when it may do more", async () => {
    expect(await wrongly("unproved", asks, scene.workspace)).toEqual([]);
  });
});
