/** A tool as a request declares it. */
export const tool = (name: string, properties: object, required = Object.keys(properties)) => ({
  name,
  parameters: { type: "object", properties, required },
});

export const text = { type: "string" };
