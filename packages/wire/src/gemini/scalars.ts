/** The scalars of protocol buffers, as JSON may write them: numbers also as texts, bytes as base64. */
export type Scalar = "string" | "bool" | "int32" | "int64" | "float" | "double" | "bytes";

type Violation = { field: string; description: string };

/** The value as its own type; what it cannot be is told, and stays as it is. */
export function readScalar(value: unknown, scalar: Scalar, at: string, violations: Violation[]): unknown {
  const refuse = (why: string) => {
    violations.push({
      field: at,
      description: `Invalid value at '${at}' (TYPE_${scalar.toUpperCase()}), ${why}`,
    });
    return value;
  };
  const told = JSON.stringify(value);
  if (scalar === "string") return typeof value === "string" ? value : refuse(told);
  if (scalar === "bool") return typeof value === "boolean" ? value : refuse(told);
  if (scalar === "bytes") {
    if (typeof value !== "string") return refuse(told);
    return /^[\w+/-]*={0,2}$/.test(value) ? value : refuse(`Base64 decoding failed for ${told}`);
  }
  const isWritten = typeof value === "string" && value.trim() !== "";
  const number = isWritten ? Number(value) : value;
  const isWhole = scalar === "float" || scalar === "double" || Number.isInteger(number);
  return typeof number === "number" && !Number.isNaN(number) && isWhole ? number : refuse(told);
}
