import { schemaTypes } from "../schema.ts";
import type { Scalar } from "./scalars.ts";

/**
 * The service reads JSON into protocol buffers: a field that a message does not have refuses the whole request. A name
 * may be written in either spelling (`systemInstruction`, `system_instruction`), one message may stand for a list of
 * one, and null for what is left out: https://protobuf.dev/programming-guides/json
 */
export interface Message {
  /** The name of the type, as refusals tell it. */
  readonly name: string;
  readonly fields: () => Readonly<Record<string, Field>>;
}

/** `true` for anything; a scalar, a message, a list of either, a map of messages; one of a few words. */
export type Field = true | Single | readonly [Single] | { readonly mapOf: Message };

export type Single = Scalar | Message | { readonly word: string; readonly of: readonly string[] };

export const scalars = (scalar: Scalar, names: string): Record<string, Scalar> =>
  Object.fromEntries(names.split(" ").map((name) => [name, scalar]));

const named = (names: string): Record<string, true> =>
  Object.fromEntries(names.split(" ").map((name) => [name, true]));

export const request: Message = {
  name: "GenerateContentRequest",
  fields: () => ({
    ...named("labels serviceTier store continuationToken"),
    model: "string",
    cachedContent: "string",
    safetySettings: [safetySetting],
    contents: [content],
    systemInstruction: content,
    tools: [tool],
    toolConfig,
    generationConfig,
  }),
};

const safetySetting: Message = {
  name: "SafetySetting",
  fields: () => ({
    category: {
      word: "HarmCategory",
      of: (
        "UNSPECIFIED DEROGATORY TOXICITY VIOLENCE SEXUAL MEDICAL DANGEROUS HARASSMENT HATE_SPEECH SEXUALLY_EXPLICIT " +
        "DANGEROUS_CONTENT CIVIC_INTEGRITY"
      )
        .split(" ")
        .map((name) => `HARM_CATEGORY_${name}`),
    },
    threshold: {
      word: "SafetySetting.HarmBlockThreshold",
      of: "HARM_BLOCK_THRESHOLD_UNSPECIFIED BLOCK_LOW_AND_ABOVE BLOCK_MEDIUM_AND_ABOVE BLOCK_ONLY_HIGH BLOCK_NONE OFF".split(
        " ",
      ),
    },
  }),
};

const content: Message = { name: "Content", fields: () => ({ role: "string", parts: [part] }) };

const part: Message = {
  name: "Part",
  fields: () => ({
    ...named("executableCode codeExecutionResult toolCall"),
    text: "string",
    thought: "bool",
    thoughtSignature: "bytes",
    inlineData: {
      name: "Blob",
      fields: () => ({ mimeType: "string", data: "bytes", displayName: "string" }),
    },
    fileData: {
      name: "FileData",
      fields: () => ({ mimeType: "string", fileUri: "string", displayName: "string" }),
    },
    ...named("toolResponse audioTranscription videoMetadata partMetadata mediaResolution mediaProcessing"),
    ...named("speechMetadata"),
    functionCall: {
      name: "FunctionCall",
      fields: () => ({ id: "string", name: "string", args: true }),
    },
    functionResponse: {
      name: "FunctionResponse",
      fields: () => ({
        ...named("response parts scheduling willContinue"),
        id: "string",
        name: "string",
      }),
    },
  }),
};

const tool: Message = {
  name: "Tool",
  fields: () => ({
    ...named("googleSearch googleSearchRetrieval codeExecution urlContext fileSearch googleMaps computerUse"),
    ...named("mcpServers"),
    functionDeclarations: [declaration],
  }),
};

const declaration: Message = {
  name: "FunctionDeclaration",
  fields: () => ({
    ...named("parametersJsonSchema responseJsonSchema behavior"),
    name: "string",
    description: "string",
    parameters: schema,
    response: schema,
  }),
};

/** A subset of OpenAPI, where `type` is one word. */
const schema: Message = {
  name: "Schema",
  fields: () => ({
    ...named("example default"),
    ...scalars("string", "format title description pattern"),
    ...scalars("int64", "maxItems minItems minProperties maxProperties minLength maxLength"),
    ...scalars("double", "minimum maximum"),
    nullable: "bool",
    enum: ["string"],
    required: ["string"],
    propertyOrdering: ["string"],
    type: { word: "Type", of: [...schemaTypes, "type_unspecified"].map((type) => type.toUpperCase()) },
    properties: { mapOf: schema },
    anyOf: [schema],
    items: schema,
  }),
};

const toolConfig: Message = {
  name: "ToolConfig",
  fields: () => ({
    ...named("retrievalConfig includeServerSideToolInvocations"),
    functionCallingConfig: {
      name: "FunctionCallingConfig",
      fields: () => ({
        allowedFunctionNames: ["string"],
        mode: {
          word: "FunctionCallingConfig.Mode",
          of: ["MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"],
        },
      }),
    },
  }),
};

const generationConfig: Message = {
  name: "GenerationConfig",
  fields: () => ({
    ...named("responseJsonSchema responseFormat enableEnhancedCivicAnswers speechConfig imageConfig"),
    ...named("mediaResolution translationConfig audioTranscriptionConfig responseLogprobs"),
    ...scalars("int32", "candidateCount maxOutputTokens seed logprobs"),
    ...scalars("float", "temperature topP topK presencePenalty frequencyPenalty"),
    responseMimeType: "string",
    stopSequences: ["string"],
    responseModalities: [
      { word: "GenerationConfig.Modality", of: ["MODALITY_UNSPECIFIED", "TEXT", "IMAGE", "AUDIO", "VIDEO"] },
    ],
    responseSchema: schema,
    thinkingConfig: {
      name: "ThinkingConfig",
      fields: () => ({
        includeThoughts: "bool",
        thinkingBudget: "int32",
        thinkingLevel: {
          word: "ThinkingConfig.ThinkingLevel",
          of: ["THINKING_LEVEL_UNSPECIFIED", "MINIMAL", "LOW", "MEDIUM", "HIGH"],
        },
      }),
    },
  }),
};
