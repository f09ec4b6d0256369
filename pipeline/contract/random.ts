/**
 * Counter-based random numbers: a draw is a pure function of (seed, purpose, stream, position). Nothing that runs
 * before or beside a draw can change it: not threads, chunking, row order or engine.
 *
 * @module
 */
import { InputError } from "./errors/classes.ts";
import { philox4x32 } from "./philox.ts";

/** The default seed. */
export const DEFAULT_SEED = 2023;

/** FNV-1a hash of a purpose's name, which separates the streams of different purposes under one seed. */
function hashPurpose(purpose: string): number {
  let hash = 0x811c9dc5 | 0;
  for (const byte of new TextEncoder().encode(purpose)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

/**
 * Philox's key for one purpose under a seed: two unsigned 32-bit words.
 *
 * @param seed A non-negative safe integer.
 * @throws {InputError} for any other seed.
 */
function philoxKey(seed: number, purpose: string): [number, number] {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new InputError(
      `Cannot seed with ${seed}: give a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`,
    );
  }
  return [seed >>> 0, (Math.floor(seed / 2 ** 32) ^ hashPurpose(purpose)) >>> 0];
}

/** A number in [0, 1) with 53 bits: the upper 27 bits of one word and the upper 26 of another. */
const floatOf = (high: number, low: number): number => ((high >>> 5) * 2 ** 26 + (low >>> 6)) * 2 ** -53;

/**
 * Number of Philox blocks generated at once, at first and later. More blocks make a call into WebAssembly cheaper, but some may go unused.
 */
const FIRST_BLOCKS = 8, LATER_BLOCKS = 64;

/**
 * A source of random numbers for one purpose. {@link RandomStream.seek} moves to any stream, such as a user's, at no cost; from
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
  readonly #words = new Uint32Array(4 * LATER_BLOCKS);
  #stream = 0;
  #substream = 0;
  /** Number of blocks generated since the start of the stream. */
  #blocks = 0;
  /** The words not taken yet are those from `#next` to `#end`. */
  #next = 0;
  #end = 0;

  /**
   * Creates a source; two of the same seed and purpose give the same numbers.
   *
   * @param seed A non-negative safe integer.
   * @param purpose A name such as "negatives/recbole/test"; different purposes get independent numbers.
   * @throws {InputError} for any other seed, or without a purpose.
   */
  constructor(seed: number, purpose: string) {
    [this.#key0, this.#key1] = philoxKey(seed, purpose);
  }

  /** Moves to the start of a stream, given by one or two unsigned 32-bit integers. */
  seek(stream: number, substream = 0): void {
    this.#stream = stream | 0;
    this.#substream = substream | 0;
    this.#blocks = this.#next = this.#end = 0;
  }

  /** Generates more words: as many as the stream has had so far, because a caller who took these will take more. */
  #refill(): void {
    const blocks = Math.min(Math.max(this.#blocks, FIRST_BLOCKS), LATER_BLOCKS);
    this.#next = 0;
    this.#end = 4 * blocks;
    philox4x32(this.#words.subarray(0, this.#end), {
      counter: [this.#blocks, this.#stream, this.#substream, 0],
      key: [this.#key0, this.#key1],
    });
    this.#blocks += blocks;
  }

  /** Returns the next 32 random bits, unsigned. */
  uint32(): number {
    if (this.#next === this.#end) this.#refill();
    return this.#words[this.#next++];
  }

  /** Returns the next number in [0, 1), with 53 random bits. */
  float(): number {
    const at = this.#next, words = this.#words;
    if (at + 2 > this.#end) return floatOf(this.uint32(), this.uint32());
    this.#next = at + 2;
    return floatOf(words[at], words[at + 1]);
  }

  /** Returns the next integer in 0 … `bound` − 1, each equally likely (to 1 part in 2⁵³ / bound). */
  below(bound: number): number {
    return Math.floor(this.float() * bound);
  }

  /** Returns the next number from the standard normal distribution (Box and Muller, 1958, the cosine of each pair); takes two floats. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.float())) * Math.cos(2 * Math.PI * this.float());
  }
}
