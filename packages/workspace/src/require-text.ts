/**
 * Checks a text that a model gave before anything is done with it: a missing one must never empty a file.
 * @throws for what is no text, or what no text file can hold.
 */
export function requireText(name: string, text: string): void {
  if (typeof text !== "string")
    throw new Error(`There is no ${name}, so nothing was changed. Give it as a string.`);
  if (text.includes("\0"))
    throw new Error(`${name} holds a NUL character, which no text file does. Leave it out.`);
  if (!text.isWellFormed())
    throw new Error(`${name} holds half of a surrogate pair. Write the whole character.`);
}
