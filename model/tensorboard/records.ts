/**
 * TFRecord: TensorFlow's format for a file of messages, one after the other.
 *
 *     uint64 length | uint32 masked CRC-32C of the length | the message | uint32 masked CRC-32C of the message
 *
 * Numbers are little-endian.
 *
 * @module
 */

/** The polynomial, with its bits reversed. */
const POLYNOMIAL = 0x82f63b78;

/** The remainder of each byte. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
  }
  return remainder;
});

/** CRC-32C of bytes, as a whole number below 2³². */
export function crc32c(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) remainder = TABLE[(remainder ^ byte) & 0xff] ^ (remainder >>> 8);
  return ~remainder >>> 0;
}

/** CRC-32C as stored in records: masked, because the checksum of bytes that contain their own checksum would be poor. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

const HEADER_BYTES = 12, FOOTER_BYTES = 4;

/** A message framed as in a file. */
export function frame(message: Uint8Array): Uint8Array {
  const framed = new Uint8Array(HEADER_BYTES + message.length + FOOTER_BYTES);
  const view = new DataView(framed.buffer);
  view.setBigUint64(0, BigInt(message.length), true);
  view.setUint32(8, maskedCrc32c(framed.subarray(0, 8)), true);
  framed.set(message, HEADER_BYTES);
  view.setUint32(HEADER_BYTES + message.length, maskedCrc32c(message), true);
  return framed;
}

/** The messages of a file, up to the first that is damaged or was cut off by a kill: readers of TensorBoard stop there, too. */
export function* unframe(bytes: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + HEADER_BYTES <= bytes.length;) {
    if (view.getUint32(at + 8, true) !== maskedCrc32c(bytes.subarray(at, at + 8))) return;
    const begin = at + HEADER_BYTES, end = begin + Number(view.getBigUint64(at, true));
    if (end + FOOTER_BYTES > bytes.length) return;
    const message = bytes.subarray(begin, end);
    if (view.getUint32(end, true) !== maskedCrc32c(message)) return;
    yield message;
    at = end + FOOTER_BYTES;
  }
}
