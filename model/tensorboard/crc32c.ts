/**
 * The checksum of TensorFlow's record files: CRC-32C (Castagnoli), which neither Deno nor Node has, and its mask.
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
