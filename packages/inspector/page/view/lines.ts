/** Where the lines of a trace come from. */

/** Batches of lines; an Error says, for the reader, why no more can come. */
export type Lines = AsyncIterable<readonly string[]>;

/** @param data the trace, packed with gzip, in base64 */
export async function* embeddedLines(data: string): Lines {
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  yield (await new Response(unpacked).text()).split("\n");
}

/** A file of a site. */
export async function* fetchedLines(url: string): Lines {
  const response = await fetch(url);
  if (!response.ok)
    throw new Error(`The trace could not be loaded: ${response.status} ${response.statusText}.`);
  yield (await response.text()).split("\n");
}

/** How often a server that does not answer is asked again, and how long after. */
const ATTEMPTS = 3;
const WAIT_MS = 500;

/** From the command that serves the trace, while it grows; a connection that was lost is taken up where it was. */
export async function* servedLines(origin: string, token: string): Lines {
  let seen = 0;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      const headers = { authorization: `Bearer ${token}`, "last-event-id": `${seen}` };
      const response = await fetch(`${origin}/lines`, { headers });
      if (response.status === 401) throw new WrongToken();
      for await (const lines of dataOf(response)) {
        seen += lines.length;
        attempt = 0;
        yield lines;
        if (lines.some((line) => line.startsWith('{"type":"end"'))) return;
      }
    } catch (error) {
      if (error instanceof WrongToken) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
  throw new Error("The command that showed this trace has ended. What it showed is still here.");
}

class WrongToken extends Error {
  override message = "The address has no valid token. Open the whole address that the command printed.";
}

async function* dataOf({ body }: Response): Lines {
  let rest = "";
  for await (const text of texts(body)) {
    const events = (rest + text).split("\n\n");
    rest = events.pop() ?? "";
    const lines = events.flatMap((event) => /^data: (.*)$/m.exec(event)?.[1] ?? []);
    if (lines.length > 0) yield lines;
  }
}

/** Safari's streams cannot be iterated. */
async function* texts(body: Response["body"]): AsyncGenerator<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done = true } = (await reader?.read()) ?? {};
    if (value !== undefined) yield value;
    if (done) return;
  }
}
