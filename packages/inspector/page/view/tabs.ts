/** What of a request is on show. */
export type Tab = "new" | "whole" | "raw" | "reply" | "time";

export const tabs: readonly { readonly name: Tab; readonly title: string }[] = [
  { name: "new", title: "New" },
  { name: "whole", title: "Whole" },
  { name: "raw", title: "Raw" },
  { name: "reply", title: "Reply" },
  { name: "time", title: "Time" },
];
