/** Damage to files, as transport, other programs and people do it, drawn by fast-check. */
import fc from "fast-check";
import { gzipSync } from "node:zlib";
import type { Seed } from "./reader_seeds.ts";

/** Tokens that are rare in good files and have a special meaning in some formats. */
const TOKENS = [
  ...['"', '""', "\\", "\0", "\r", "\r\n", "\n\n", "\t", ",", ";", "|", "::", " ", "'", "`"],
  ...["\ufeff", "\u2028", "\ud800", "é", "🦊", "\x1b[31m", "\x85", "\u00a0"],
  ...[
    "-1",
    "0",
    "1e999",
    "-inf",
    "NaN",
    "9223372036854775808",
    "-9223372036854775809",
    "1e-400",
    "0x1f",
    "1_000",
  ],
  ...[
    "2014-13-45",
    "0000-00-00T00:00:00Z",
    "9999-12-31",
    "null",
    "true",
    "undefined",
    "__proto__",
    "constructor",
  ],
  ...[
    "{",
    "}",
    "[",
    "]",
    "[[[[[[[[",
    '{"a":',
    "*a",
    "&a",
    "!!str",
    "---\n",
    "...",
    "? ",
    "user",
    "item",
    "timestamp",
    "height",
  ],
];

/** One piece of damage, at a place given as a share of the file. */
type Step = (bytes: Uint8Array) => Uint8Array;

const place = fc.noBias(fc.nat(999_999)).map((n) => n / 1e6);
const at = (bytes: Uint8Array, share: number) => Math.floor(share * bytes.length);
const splice = (bytes: Uint8Array, start: number, remove: number, insert = new Uint8Array()) => {
  const head = bytes.subarray(0, start), tail = bytes.subarray(start + remove);
  const result = new Uint8Array(head.length + insert.length + tail.length);
  result.set(head);
  result.set(insert, head.length);
  result.set(tail, head.length + insert.length);
  return result;
};
const encode = (text: string) => new TextEncoder().encode(text);

/** Damage to bytes. */
const BYTES: fc.Arbitrary<Step>[] = [
  fc.tuple(place, fc.nat(7)).map(([share, bit]) => (bytes) =>
    bytes.map((byte, i) => i === at(bytes, share) ? byte ^ (1 << bit) : byte)
  ),
  fc.tuple(place, fc.constantFrom(0, 1, 0x7f, 0x80, 0xfe, 0xff, 0x22, 0x0a, 0x0d, 0x2c)).map(
    ([share, value]) => (bytes) => bytes.map((byte, i) => i === at(bytes, share) ? value : byte),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 64 }), fc.nat(255)).map(([share, length, value]) => (bytes) =>
    bytes.slice().fill(value, at(bytes, share), at(bytes, share) + length)
  ),
  place.map((share) => (bytes) => bytes.slice(0, at(bytes, share))),
  fc.tuple(place, fc.integer({ min: 1, max: 300 })).map(([share, length]) => (bytes) =>
    splice(bytes, at(bytes, share), length)
  ),
  fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 16 })).map(([share, insert]) => (bytes) =>
    splice(bytes, at(bytes, share), 0, insert)
  ),
  // A block that was written twice, or over another one.
  fc.tuple(place, place, fc.integer({ min: 1, max: 512 })).map(([from, to, length]) => (bytes) => {
    const block = bytes.slice(at(bytes, from), at(bytes, from) + length);
    return splice(bytes, at(bytes, to), block.length, block);
  }),
];

/** Damage to lines and fields. */
const TEXT: fc.Arbitrary<Step>[] = [
  fc.tuple(place, fc.constantFrom(...TOKENS), fc.constantFrom(1, 1, 1, 2, 40)).map(
    ([share, token, times]) => (bytes) => splice(bytes, at(bytes, share), 0, encode(token.repeat(times))),
  ),
  fc.tuple(place, place).map(([from, to]) => (bytes) => {
    const lines = new TextDecoder().decode(bytes).split("\n"),
      line = lines[Math.floor(from * lines.length)] ?? "";
    return encode(lines.toSpliced(Math.floor(to * lines.length), 0, line).join("\n"));
  }),
  place.map((share) => (bytes) => {
    const lines = new TextDecoder().decode(bytes).split("\n");
    return encode(lines.toSpliced(Math.floor(share * lines.length), 1).join("\n"));
  }),
  // One field of a line is replaced.
  fc.tuple(place, place, fc.constantFrom("", ...TOKENS)).map(([share, which, token]) => (bytes) => {
    const lines = new TextDecoder().decode(bytes).split("\n"), i = Math.floor(share * lines.length);
    const fields = (lines[i] ?? "").split(/([,\t ;|]|::)/),
      field = 2 * Math.floor(which * (fields.length + 1) / 2);
    return encode(
      lines.with(Math.min(i, lines.length - 1), fields.toSpliced(field, 1, token).join("")).join("\n"),
    );
  }),
  fc.constantFrom(",", "\t", ";", "|", "::", " ", "\x01").map((delimiter) => (bytes) =>
    encode(new TextDecoder().decode(bytes).replace(/,|\t|::/g, delimiter))
  ),
  fc.constantFrom("\r\n", "\r", "\n\n", "").map((end) => (bytes) =>
    encode(new TextDecoder().decode(bytes).replaceAll("\n", end))
  ),
  fc.constant((bytes) => Uint8Array.from([0xef, 0xbb, 0xbf, ...bytes])),
  // Latin-1, and UTF-16.
  fc.constant((bytes) => Uint8Array.from(new TextDecoder().decode(bytes), (char) => char.charCodeAt(0))),
  fc.constant((bytes) => Uint8Array.from([...bytes].flatMap((byte) => [byte, 0]))),
  fc.constantFrom(2, 50, 500).map((times) => (bytes) => {
    const result = new Uint8Array(bytes.length * times);
    for (let i = 0; i < times; i++) result.set(bytes, i * bytes.length);
    return result;
  }),
];

/** A damaged file. */
export interface Damaged {
  seed: Seed;
  /** Its name, with `.gz` if it was compressed after the damage. */
  name: string;
  bytes: Uint8Array;
}

/** Files of these kinds with one to four pieces of damage, small enough for tests. Text files are drawn more often. */
export function damaged(seeds: Seed[]): fc.Arbitrary<Damaged> {
  return fc.oneof(...seeds.map((seed) => {
    const step = seed.text ? fc.oneof(...BYTES, ...TEXT) : fc.oneof(...BYTES);
    const zipped = seed.text && seed.reader !== "configuration"
      ? fc.constantFrom(false, false, true)
      : fc.constant(false);
    const arbitrary = fc.tuple(fc.array(step, { minLength: 1, maxLength: 4 }), zipped).map(([steps, zip]) => {
      const bytes = steps.reduce((bytes, step) => step(bytes).slice(0, MAX_BYTES), seed.bytes);
      return {
        seed,
        name: zip ? `${seed.name}.gz` : seed.name,
        bytes: zip ? new Uint8Array(gzipSync(bytes)) : bytes,
        [fc.toStringMethod]: () => `${seed.name}, damaged`,
      };
    });
    return { arbitrary, weight: seed.text ? 3 : 1 };
  }));
}

const MAX_BYTES = 1 << 18;
