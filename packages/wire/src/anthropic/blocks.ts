import type { Fields, Shape } from "../shape.ts";

/** The blocks that messages are made of, with all their fields: `ContentBlockParam` of the SDK. */

const text = "string";

export const cacheControl: Fields = {
  needs: ["type"],
  fields: { type: ["ephemeral"], ttl: ["5m", "1h"] },
};

const block = (
  needs: Readonly<Record<string, Shape>>,
  more: Readonly<Record<string, Shape>> = {},
): Fields => ({
  needs: Object.keys(needs),
  fields: { ...needs, ...more, cache_control: cacheControl },
});

const source = (fields: Readonly<Record<string, Shape>>): Fields => ({ needs: Object.keys(fields), fields });

const image = block(
  {
    source: {
      tags: {
        base64: source({ media_type: ["image/jpeg", "image/png", "image/gif", "image/webp"], data: text }),
        url: source({ url: text }),
        file: source({ file_id: text }),
      },
    },
  },
  { transformations: "anything" },
);

const document = block(
  {
    source: {
      tags: {
        base64: source({ media_type: ["application/pdf"], data: text }),
        text: source({ media_type: ["text/plain"], data: text }),
        content: source({ content: "anything" }),
        url: source({ url: text }),
        file: source({ file_id: text }),
      },
    },
  },
  { citations: "anything", context: text, title: text },
);

export const textBlock = block({ text }, { citations: "anything" });

const search_result = block(
  { content: { listOf: { tags: { text: textBlock } } }, source: text, title: text },
  { citations: "anything" },
);

const tool_reference = block({ tool_name: text });

const tool_result = block(
  { tool_use_id: text },
  {
    content: {
      textOr: { listOf: { tags: { text: textBlock, image, search_result, document, tool_reference } } },
    },
    is_error: "boolean",
    toolset_name: text,
  },
);

const call = { id: text, name: text, input: "object" } as const;

/** What came of tools that the service runs itself comes back as it was. */
const served =
  "web_search web_fetch code_execution bash_code_execution text_editor_code_execution tool_search".split(" ");
const servedResult = block({ tool_use_id: text, content: "anything" }, { caller: "anything" });

export const blocksOf: Readonly<Record<string, Readonly<Record<string, Fields>>>> = {
  user: {
    text: textBlock,
    image,
    document,
    tool_result,
    search_result,
    container_upload: block({ file_id: text }),
  },
  assistant: {
    text: textBlock,
    // A mark for the cache on thoughts is refused where the thoughts are checked.
    thinking: block({ thinking: text, signature: text }),
    redacted_thinking: block({ data: text }),
    tool_use: block(call, { caller: "anything", toolset_name: text }),
    server_tool_use: block(call, { caller: "anything" }),
    ...Object.fromEntries(served.map((name) => [`${name}_tool_result`, servedResult])),
  },
  system: { text: textBlock },
};
