import type { Permit, Reversal } from "@eightfold/core";

/**
 * The same gate; how to take a change back is saved before the change it lets through can land. One that can land no
 * more, for its file has changed since, is none to take back: it throws.
 */
export function savedFirst(permit: Permit, save: (change: Reversal) => void): Permit {
  return async (call, signal) => {
    const refusal = await permit(call, signal);
    if (refusal !== undefined || call.plan?.type !== "change") return refusal;
    await call.plan.check();
    save(call.plan.reversal);
    return undefined;
  };
}
