/**
 * Jupyter's messages as they go over the wire (jupyter-client.readthedocs.io, "The wire protocol"), in ZeroMQ's frames: ZMTP 3 without
 * encryption (rfc.zeromq.org/spec/23).
 *
 * @module
 */

/** How a connection begins, before its first frame. */
const GREETING_BYTES = 64;
/** Where the greeting has the protocol's version, and the lowest whose frames are read here. */
const VERSION_AT = 10, LEAST_VERSION = 3;

const MORE = 1, LONG = 2, COMMAND = 4;

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

const DELIMITER = "<IDS|MSG>";
/** Frames behind the delimiter: signature, header, parent's header, metadata, content. */
const SIGNATURE = 1, HEADER = 2, PARENT = 3, METADATA = 4, CONTENT = 5;

const text = new TextDecoder(), bytes = new TextEncoder();

/** What a message says. */
export type Content = Record<string, unknown>;

/** The parts of a message that matter here. */
export interface Message {
  id: string;
  type: string;
  /** Of the request that it answers. */
  parent?: string;
  metadata: Record<string, unknown>;
  content: Content;
}

const at = (frames: readonly Uint8Array[]) =>
  frames.findIndex((frame) => frame.length === DELIMITER.length && text.decode(frame) === DELIMITER);

/** Reads a message; undefined if it is none. */
export function readMessage(frames: readonly Uint8Array[]): Message | undefined {
  const start = at(frames);
  if (start < 0 || frames.length <= start + CONTENT) return undefined;
  try {
    const [header, parent, metadata, content] = [HEADER, PARENT, METADATA, CONTENT].map((place) =>
      JSON.parse(text.decode(frames[start + place]))
    );
    return { id: header.msg_id, type: header.msg_type, parent: parent.msg_id, metadata, content };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Makes the key of a connection; none where its messages are not signed. */
export const signingKey = (key: string): Promise<CryptoKey> | undefined =>
  key === ""
    ? undefined
    : crypto.subtle.importKey("raw", bytes.encode(key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);

/** A message that answers none, signed. */
export function newMessage(
  id: string,
  type: string,
  content: Content,
  key: CryptoKey | undefined,
): Promise<Uint8Array[]> {
  const header = {
    msg_id: id,
    msg_type: type,
    session: id,
    username: "automlp",
    version: "5.3",
    date: new Date().toISOString(),
  };
  const frames = [DELIMITER, "", JSON.stringify(header), "{}", "{}", ""].map((part) => bytes.encode(part));
  return withContent(frames, content, key);
}

/** The same message with another content, signed. */
export async function withContent(
  frames: readonly Uint8Array[],
  content: Content,
  key: CryptoKey | undefined,
): Promise<Uint8Array[]> {
  const start = at(frames), changed = [...frames];
  changed[start + CONTENT] = bytes.encode(JSON.stringify(content));
  const signed = new Blob(changed.slice(start + HEADER, start + CONTENT + 1) as Uint8Array<ArrayBuffer>[]);
  const signature = key
    ? await crypto.subtle.sign("HMAC", key, await signed.arrayBuffer())
    : new ArrayBuffer(0);
  changed[start + SIGNATURE] = bytes.encode(new Uint8Array(signature).toHex());
  return changed;
}
