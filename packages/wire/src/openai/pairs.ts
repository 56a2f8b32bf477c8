/** The calls that wait for an answer. An id that a model gives twice is answered twice, or once for both. */
export interface OpenCalls {
  make(id: string): void;
  /** False for an answer to no call. */
  answer(id: string): boolean;
  unanswered(): string[];
}

export function openCalls(): OpenCalls {
  const open: string[] = [];
  const answered = new Set<string>();
  return {
    make: (id) => void open.push(id),
    answer(id) {
      const index = open.indexOf(id);
      if (index < 0) return false;
      open.splice(index, 1);
      answered.add(id);
      return true;
    },
    unanswered: () => open.filter((id) => !answered.has(id)),
  };
}
