import type { Hash } from "node:crypto";

/**
 * A fingerprint of content, to be fed and then taken with `digest("hex")`. Content alone decides: an mtime changes
 * on a checkout that changes nothing, and can stay the same on a fast write that does.
 */
export async function startFingerprint(): Promise<Hash> {
  const { createHash } = await import("node:crypto");
  return createHash("sha256");
}
