/** How a command ended. */
export type Ending =
  | { readonly type: "exit"; readonly code: number }
  | { readonly type: "signal"; readonly signal: string }
  | { readonly type: "timeout"; readonly seconds: number }
  | { readonly type: "aborted" };

/** The ending in a few words: "exit 1", "killed by SIGSEGV", "timed out after 120 s", "stopped by the user". */
export function describeEnding(ending: Ending): string {
  switch (ending.type) {
    case "exit":
      return `exit ${ending.code}`;
    case "signal":
      return `killed by ${ending.signal}`;
    case "timeout":
      return `timed out after ${ending.seconds} s`;
    case "aborted":
      return "stopped by the user";
  }
}
