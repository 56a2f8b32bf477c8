import { safeTextStream } from "./safe-text.ts";

/** One stretch of a model's text on its way to the screen, in pieces. */
export interface Prose {
  write(piece: string): void;
  /** Ends the last line, if there is one. */
  end(): void;
}

/**
 * Passes text on as it comes, made safe, without blank lines at its start and with exactly one newline at its
 * end: whitespace is kept back until something follows it.
 * @param label comes before the first word
 */
export function openProse(put: (text: string) => void, label: string): Prose {
  const safe = safeTextStream();
  let begun = false;
  let kept = "";

  return {
    write(piece) {
      const text = kept + safe(piece);
      const visible = text.trimEnd();
      kept = text.slice(visible.length);
      if (visible === "") return;
      put(begun ? visible : label + visible.replace(/^\s*\n/, ""));
      begun = true;
    },

    end() {
      if (begun) put("\n");
    },
  };
}
