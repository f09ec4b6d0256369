/**
 * A relay between front ends and a kernel on one channel. Messages pass unchanged, except for answers that an onlooker replaces; cells wait
 * for each other here ({@link Cells}).
 *
 * @module
 */
import { encodeMessage, FrameReader } from "./frames.ts";
import { Cells, type Passed } from "./cells.ts";
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
    const [toKernel, toFront] = [back, front].map(({ writable }) => new Sender(writable.getWriter(), key));
    const cells = new Cells();
    await Promise.race([
      questions(front, toKernel, onlooker, cells),
      answers(back, { toFront, toKernel }, onlooker, cells),
    ]);
  } finally {
    close(back);
  }
}

/** Writes messages to one side of a connection, each as a whole. */
class Sender {
  constructor(
    readonly writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>,
    readonly key: CryptoKey | undefined,
  ) {}

  async raw(bytes: Uint8Array): Promise<void> {
    await this.writer.write(bytes as Uint8Array<ArrayBuffer>);
  }

  /** @param content The content instead of the message's own. */
  async message({ frames, content }: Passed<Uint8Array[]>): Promise<void> {
    await this.raw(encodeMessage(content ? await withContent(frames, content, this.key) : frames));
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

async function questions(from: Deno.Conn, to: Sender, onlooker: Onlooker, cells: Cells): Promise<void> {
  const reader = new FrameReader();
  for await (const bytes of from.readable) {
    for (const part of reader.read(bytes)) {
      if ("raw" in part) {
        await to.raw(part.raw);
        continue;
      }
      const message = readMessage(part.message);
      if (message) onlooker.asked(message);
      for (const passed of cells.asked(part.message, message)) await to.message(passed);
    }
  }
}

async function answers(
  from: Deno.Conn,
  { toFront, toKernel }: { toFront: Sender; toKernel: Sender },
  onlooker: Onlooker,
  cells: Cells,
): Promise<void> {
  const reader = new FrameReader();
  for await (const bytes of from.readable) {
    for (const part of reader.read(bytes)) {
      if ("raw" in part) {
        await toFront.raw(part.raw);
        continue;
      }
      const message = readMessage(part.message),
        { content, next } = message ? cells.answered(message) : { next: [] };
      await toFront.message({
        frames: part.message,
        content: content ?? (message && await onlooker.answer(message)),
      });
      for (const passed of next) await toKernel.message(passed);
    }
  }
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // The other side has closed it.
  }
}
