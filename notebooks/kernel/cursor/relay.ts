/**
 * A relay between front ends and a kernel on one channel: bytes pass unchanged, except for answers that an onlooker replaces.
 *
 * @module
 */
import { encodeMessage, FrameReader } from "./frames.ts";
import { type Message, readMessage, withContent } from "./messages.ts";

/** An observer of the messages on a channel. */
export interface Onlooker {
  /** Receives each request of a front end. */
  asked(message: Message): void;
  /** Returns the content to answer with instead; undefined to keep the kernel's own answer. */
  answer(message: Message): Promise<Record<string, unknown> | undefined> | undefined;
}

/** Where a channel is, and how its messages are signed. */
export interface RelayOptions {
  /** Where front ends come to. */
  listener: Deno.Listener;
  /** The kernel's own place. */
  kernel: Deno.ConnectOptions;
  key?: CryptoKey;
  onlooker: Onlooker;
}

/** How long a kernel that was just started may take to listen, and how often to look, in milliseconds. */
const PATIENCE = 30_000, PAUSE = 50;

/** Relays every connection that comes, until the listener is closed. */
export async function relay(options: RelayOptions): Promise<void> {
  for await (const front of options.listener) {
    // A front end that goes away ends its own connection and no other.
    relayOne(front, options).catch(() => {}).finally(() => close(front));
  }
}

async function relayOne(front: Deno.Conn, { kernel, key, onlooker }: RelayOptions): Promise<void> {
  const back = await connected(kernel);
  try {
    await Promise.race([questions(front, back, onlooker), answers(back, front, onlooker, key)]);
  } finally {
    close(back);
  }
}

/** A connection to a kernel, also to one that does not listen yet. */
export async function connected(place: Deno.ConnectOptions): Promise<Deno.Conn> {
  for (const end = performance.now() + PATIENCE;;) {
    try {
      return await Deno.connect(place);
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused) || performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}

/** From front end to kernel nothing is changed. */
async function questions(from: Deno.Conn, to: Deno.Conn, onlooker: Onlooker): Promise<void> {
  const reader = new FrameReader(), writer = to.writable.getWriter();
  for await (const bytes of from.readable) {
    for (const part of reader.read(bytes)) {
      const message = "message" in part ? readMessage(part.message) : undefined;
      if (message) onlooker.asked(message);
    }
    await writer.write(bytes);
  }
}

async function answers(
  from: Deno.Conn,
  to: Deno.Conn,
  onlooker: Onlooker,
  key: CryptoKey | undefined,
): Promise<void> {
  const reader = new FrameReader(), writer = to.writable.getWriter();
  for await (const bytes of from.readable) {
    for (const part of reader.read(bytes)) {
      if ("raw" in part) await writer.write(part.raw as Uint8Array<ArrayBuffer>);
      else {await writer.write(
          encodeMessage(await answered(part.message, onlooker, key)) as Uint8Array<ArrayBuffer>,
        );}
    }
  }
}

async function answered(
  frames: Uint8Array[],
  onlooker: Onlooker,
  key: CryptoKey | undefined,
): Promise<Uint8Array[]> {
  const message = readMessage(frames), content = message && await onlooker.answer(message);
  return content ? await withContent(frames, content, key) : frames;
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // The other side has closed it.
  }
}
