/**
 * Jupyter's messages as they go over the wire (jupyter-client.readthedocs.io, "The wire protocol").
 *
 * @module
 */

const DELIMITER = "<IDS|MSG>";
/** Frames behind the delimiter: signature, header, parent's header, metadata, content. */
const SIGNATURE = 1, HEADER = 2, PARENT = 3, CONTENT = 5;

const text = new TextDecoder(), bytes = new TextEncoder();

/** The parts of a message that matter here. */
export interface Message {
  id: string;
  type: string;
  /** Of the request that it answers. */
  parent?: string;
  content: Record<string, unknown>;
}

const at = (frames: readonly Uint8Array[]) =>
  frames.findIndex((frame) => frame.length === DELIMITER.length && text.decode(frame) === DELIMITER);

/** Reads a message; undefined if it is none. */
export function readMessage(frames: readonly Uint8Array[]): Message | undefined {
  const start = at(frames);
  if (start < 0 || frames.length <= start + CONTENT) return undefined;
  try {
    const [header, parent, content] = [HEADER, PARENT, CONTENT].map((place) =>
      JSON.parse(text.decode(frames[start + place]))
    );
    return { id: header.msg_id, type: header.msg_type, parent: parent.msg_id, content };
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
  { id, type, content }: Omit<Message, "parent">,
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
  content: Record<string, unknown>,
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
