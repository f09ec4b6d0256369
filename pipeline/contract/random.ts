/**
 * Counter-based random numbers: a draw is a pure function of (seed, purpose, stream, position). Nothing that runs
 * before or beside a draw can change it: not threads, chunking, row order or engine.
 *
 * The generator is Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3",
 * SC 2011), which TensorFlow, PyTorch and cuRAND use too.
 *
 * @module
 */
import { checkCall, NUMBER, TEXT } from "./options/arguments.ts";
import { InputError } from "./errors/classes.ts";

/** The seed where nobody gives one. */
export const DEFAULT_SEED = 2023;

/** The upper 32 bits of the product of two unsigned 32-bit integers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff, aHigh = a >>> 16, bLow = b & 0xffff, bHigh = b >>> 16;
  // Schoolbook in base 2^16: with each carry added at once, every partial sum stays below 2^32.
  const low = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const middle = (Math.imul(aLow, bHigh) + (low & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (low >>> 16) + (middle >>> 16)) | 0;
}

const MULTIPLIER_0 = 0xd2511f53 | 0, MULTIPLIER_1 = 0xcd9e8d57 | 0;
const WEYL_0 = 0x9e3779b9 | 0, WEYL_1 = 0xbb67ae85 | 0;

/**
 * One block of Philox4x32-10: four words of 32 random bits for a 128-bit counter under a 64-bit key.
 *
 * @param out Receives the four words (unsigned).
 */
export function philox4x32(
  out: Uint32Array,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): void {
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0), low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2), low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** FNV-1a of a purpose's name: separates the streams of different purposes under one seed. */
function hashPurpose(purpose: string): number {
  let hash = 0x811c9dc5 | 0;
  for (const byte of new TextEncoder().encode(purpose)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

/**
 * Philox's key for one purpose under a seed: two unsigned 32-bit words.
 *
 * @param seed A non-negative safe integer.
 * @throws {InputError} for another seed.
 */
function philoxKey(seed: number, purpose: string): [number, number] {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new InputError(
      `Cannot seed with ${seed}: give a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`,
    );
  }
  return [seed >>> 0, (Math.floor(seed / 2 ** 32) ^ hashPurpose(purpose)) >>> 0];
}

/**
 * Random numbers for one purpose. {@link RandomStream.seek} moves to any stream, such as a user's, at no cost; from
 * there the draws come in order.
 *
 * @example
 * ```ts
 * import { RandomStream } from "automlp";
 * import assert from "node:assert/strict";
 * const random = new RandomStream(7, "negatives");
 * random.seek(42); // user 42
 * const first = random.float();
 * random.seek(42);
 * assert(random.float() === first);
 * ```
 */
export class RandomStream {
  readonly #key0: number;
  readonly #key1: number;
  readonly #block = new Uint32Array(4);
  #stream = 0;
  #substream = 0;
  #counter = 0;
  #used = 4;

  /**
   * Two streams of the same seed and purpose are the same.
   *
   * @param seed A non-negative safe integer.
   * @param purpose A name such as "negatives/recbole/test": other purposes get independent numbers.
   * @throws {InputError} for another seed, or without a purpose.
   */
  constructor(seed: number, purpose: string) {
    checkCall('new RandomStream(2023, "negatives")', [seed, NUMBER], [purpose, TEXT]);
    [this.#key0, this.#key1] = philoxKey(seed, purpose);
  }

  /** Goes to the start of a stream, given by one or two unsigned 32-bit integers. */
  seek(stream: number, substream = 0): void {
    this.#stream = stream | 0;
    this.#substream = substream | 0;
    this.#counter = 0;
    this.#used = 4;
  }

  /** The next 32 random bits, unsigned. */
  uint32(): number {
    if (this.#used === 4) {
      philox4x32(this.#block, this.#counter++, this.#stream, this.#substream, 0, this.#key0, this.#key1);
      this.#used = 0;
    }
    return this.#block[this.#used++];
  }

  /** The next number in [0, 1), with 53 random bits. */
  float(): number {
    return ((this.uint32() >>> 5) * 0x4000000 + (this.uint32() >>> 6)) / 0x20000000000000;
  }

  /** The next integer in 0 … `bound` − 1, each equally likely (to 1 part in 2⁵³ / bound). */
  below(bound: number): number {
    return Math.floor(this.float() * bound);
  }

  /** The next number of the standard normal distribution (Box and Muller, 1958, the cosine of each pair); takes two floats. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.float())) * Math.cos(2 * Math.PI * this.float());
  }
}
