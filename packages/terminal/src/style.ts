import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];
type Paint = (text: string) => string;

/** Colours for one stream: plain text for a pipe, with NO_COLOR or on a dumb terminal; FORCE_COLOR insists. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
}

export function styleFor(stream: NodeJS.WriteStream): Style {
  const paint =
    (format: Format): Paint =>
    (text) =>
      styleText(format, text, { stream });
  return {
    bold: paint("bold"),
    dim: paint("dim"),
    red: paint("red"),
    yellow: paint("yellow"),
    cyan: paint("cyan"),
  };
}
