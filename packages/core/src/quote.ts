/**
 * A service's words, safe and short enough for one line of a terminal. A page of HTML, as proxies send it, is
 * reduced to its title.
 */
export function quote(text: string): string {
  if (/<!doctype html|<html|<head|<title/i.test(text)) {
    const title = /<title[^>]*>([^<]*)/i.exec(text)?.[1]?.trim();
    return title ? `an HTML page, "${title.slice(0, 80)}"` : "an HTML page";
  }
  // \p{C}: control characters, with which a server could redraw the terminal.
  const line = text.replace(/[\p{C}\s]+/gu, " ").trim();
  return line.length > 200 ? `${line.slice(0, 200).toWellFormed()}…` : line;
}
