import { safeTextStream } from "./safe-text.ts";

/** One stretch of a model's text on its way to the screen, in pieces. */
export interface Prose {
  write(piece: string): Promise<void>;
  /** Ends the last line, if there is one. */
  end(): Promise<void>;
}

/**
 * Passes text on as it comes, made safe, without blank lines at its start and with exactly one newline at its
 * end: whitespace is kept back until something follows it.
 */
export function openProse(put: (text: string) => Promise<void>): Prose {
  const safe = safeTextStream();
  let begun = false;
  let kept = "";

  return {
    async write(piece) {
      const text = kept + safe(piece);
      const visible = text.trimEnd();
      kept = text.slice(visible.length);
      if (visible === "") return;
      await put(begun ? visible : visible.replace(/^\s*\n/, ""));
      begun = true;
    },

    async end() {
      if (begun) await put("\n");
    },
  };
}
