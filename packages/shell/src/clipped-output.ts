import { StringDecoder } from "node:string_decoder";
import { textCleaner } from "./clean-text.ts";
import { clippedText, LIMIT, sizeOf } from "./clipped-text.ts";
import { openSpill, type Spill } from "./spill.ts";

/** One stream of a command's output: short enough to be read, with the whole of it in a file when it was long. */
export interface ClippedOutput {
  /** Takes the next piece. Resolves when it is ready for another; never rejects. */
  add(chunk: Buffer): Promise<void>;
  /** How many bytes have come. */
  readonly bytes: number;
  /** Ends the stream and returns its text, without the white space at its end. */
  text(): Promise<string>;
}

/** As git does: what has a NUL near its start is binary. In bytes. */
const SNIFFED = 8 * 1024;

/**
 * @param root the workspace, in whose `.eightfold/output` the whole output is kept when it is clipped
 * @param stream "stdout" or "stderr"
 */
export function clippedOutput(root: string, stream: string): ClippedOutput {
  const decoder = new StringDecoder("utf8");
  const cleaner = textCleaner();
  const kept = clippedText();
  let early: Buffer[] = [];
  let spill: Spill | undefined;
  let bytes = 0;
  let binary = false;

  async function add(chunk: Buffer): Promise<void> {
    if (bytes < SNIFFED && chunk.subarray(0, SNIFFED - bytes).includes(0)) binary = true;
    bytes += chunk.length;
    if (binary) return;
    kept.push(cleaner.push(decoder.write(chunk)));
    if (spill) return spill.write(chunk);
    early.push(chunk);
    if (bytes <= LIMIT) return;
    spill = openSpill(root, stream);
    const start = Buffer.concat(early);
    early = [];
    await spill.write(start);
  }

  async function text(): Promise<string> {
    if (binary) return `[binary output, ${sizeOf(bytes)}, not shown]`;
    kept.push(cleaner.push(decoder.end()) + cleaner.end());
    const where = await spill?.close({ keep: kept.isClipped() });
    return kept.text(where ?? "").trimEnd();
  }

  return {
    add,
    text,
    get bytes() {
      return bytes;
    },
  };
}
