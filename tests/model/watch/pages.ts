/**
 * A reader of a watched run, like a browser.
 *
 * @module
 */

/** The pages that a server sends to its reader, one after the other, until it ends. */
export async function* pagesOf(url: string): AsyncGenerator<string, void> {
  const response = await fetch(`${url}events`, { headers: { accept: "text/event-stream" } });
  let text = "";
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const events = (text + chunk).split("\n\n");
    text = events.pop()!;
    for (const event of events.filter((event) => event.startsWith("data: "))) {
      yield event.split("\n").map((line) => line.slice("data: ".length)).join("\n");
    }
  }
}
