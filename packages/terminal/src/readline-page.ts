import { Writable } from "node:stream";

/** The output as readline sees it: when nothing is asked for, a window that changes its size draws no prompt. */
export function readlinePage(output: NodeJS.WriteStream, isAsking: () => boolean): Writable {
  const page = new Writable({
    decodeStrings: false,
    write(text, _, done) {
      output.write(text);
      done();
    },
  });
  Object.defineProperty(page, "columns", { get: () => output.columns });
  const onResize = () => isAsking() && page.emit("resize");
  output.on("resize", onResize);
  page.on("close", () => output.off("resize", onResize));
  return page;
}
