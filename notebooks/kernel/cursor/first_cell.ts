/**
 * Runs a cell in a kernel before any front end does, over a connection of its own, so that no front end sees it.
 *
 * @module
 */
import { encodeMessage, FrameReader, GREETING, ready } from "./frames.ts";
import { newMessage, readMessage } from "./messages.ts";
import { connected } from "./relay.ts";

/** Runs code silently; resolves when it has run. */
export async function runFirst(
  code: string,
  place: Deno.ConnectOptions,
  key: CryptoKey | undefined,
): Promise<void> {
  using connection = await connected(place);
  const id = crypto.randomUUID(), writer = connection.writable.getWriter();
  const content = { code, silent: true, store_history: false, user_expressions: {}, allow_stdin: false };
  for (
    const bytes of [
      GREETING,
      ready("DEALER"),
      encodeMessage(await newMessage({ id, type: "execute_request", content }, key)),
    ]
  ) await writer.write(bytes as Uint8Array<ArrayBuffer>);
  const reader = new FrameReader();
  for await (const bytes of connection.readable) {
    for (const part of reader.read(bytes)) {
      if ("message" in part && readMessage(part.message)?.parent === id) return;
    }
  }
}
