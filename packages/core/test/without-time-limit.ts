import { onTestFinished, vi } from "vitest";

/** In this test a server may take its time: a busy machine has none left for half a second now and then. */
export function withoutTimeLimit(): void {
  const timeout = vi.spyOn(AbortSignal, "timeout").mockImplementation(() => new AbortController().signal);
  onTestFinished(() => timeout.mockRestore());
}
