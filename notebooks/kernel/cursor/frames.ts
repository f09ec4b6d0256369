/**
 * ZeroMQ's frames in a stream of bytes: ZMTP 3 without encryption, which is what Jupyter speaks over TCP
 * (rfc.zeromq.org/spec/23).
 *
 * @module
 */

/** How a connection begins, before its first frame. */
const GREETING_BYTES = 64;
/** Where the greeting has the protocol's version, and the lowest whose frames are read here. */
const VERSION_AT = 10, LEAST_VERSION = 3;

const MORE = 1, LONG = 2, COMMAND = 4;

/** How a peer greets that speaks version 3.0 without encryption. */
export const GREETING: Uint8Array = new Uint8Array(GREETING_BYTES);
GREETING[0] = 0xff;
GREETING[9] = 0x7f;
GREETING[VERSION_AT] = LEAST_VERSION;
GREETING.set(new TextEncoder().encode("NULL"), VERSION_AT + 2);

/** What it says next: the kind of its socket. */
export function ready(socket: string): Uint8Array {
  const [command, name, value] = ["READY", "Socket-Type", socket].map((text) =>
    new TextEncoder().encode(text)
  );
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, value.length);
  const body = [[command.length], command, [name.length], name, size, value].flatMap((part) => [...part]);
  return Uint8Array.of(COMMAND, body.length, ...body);
}

/** One direction of a connection: what comes in as bytes goes out as bytes that pass as they are, and messages of several frames. */
export class FrameReader {
  #rest: Uint8Array = new Uint8Array(0);
  #greeted = false;
  /** Whether the peer speaks another protocol: its bytes are passed on unread. */
  #foreign = false;
  #frames: Uint8Array[] = [];

  /** Takes the next bytes of the stream; yields what is complete. */
  *read(bytes: Uint8Array): Generator<{ raw: Uint8Array } | { message: Uint8Array[] }> {
    if (this.#foreign) return yield { raw: bytes };
    this.#rest = joined([this.#rest, bytes]);
    if (!this.#greeted) {
      if (this.#rest.length > VERSION_AT && this.#rest[VERSION_AT] < LEAST_VERSION) {
        this.#foreign = true;
        return yield { raw: this.#take(this.#rest.length) };
      }
      if (this.#rest.length < GREETING_BYTES) return;
      this.#greeted = true;
      yield { raw: this.#take(GREETING_BYTES) };
    }
    for (let size = frameSize(this.#rest); size !== undefined; size = frameSize(this.#rest)) {
      const { header, body, flags } = size, frame = this.#take(header + body);
      if (flags & COMMAND) {
        yield { raw: frame };
        continue;
      }
      this.#frames.push(frame.subarray(header));
      if (flags & MORE) continue;
      const message = this.#frames;
      this.#frames = [];
      yield { message };
    }
  }

  #take(length: number): Uint8Array {
    const taken = this.#rest.slice(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }
}

/** The sizes of the next frame; undefined while it is not complete. */
function frameSize(bytes: Uint8Array): { flags: number; header: number; body: number } | undefined {
  if (bytes.length < 2) return undefined;
  const flags = bytes[0], header = flags & LONG ? 9 : 2;
  if (bytes.length < header) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const body = flags & LONG ? Number(view.getBigUint64(1)) : bytes[1];
  return bytes.length < header + body ? undefined : { flags, header, body };
}

/** A message as the bytes of its frames. */
export function encodeMessage(frames: readonly Uint8Array[]): Uint8Array {
  return joined(frames.flatMap((frame, i) => {
    const more = i < frames.length - 1 ? MORE : 0;
    if (frame.length < 256) return [Uint8Array.of(more, frame.length), frame];
    const header = new Uint8Array(9);
    header[0] = more | LONG;
    new DataView(header.buffer).setBigUint64(1, BigInt(frame.length));
    return [header, frame];
  }));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
