/**
 * Counts how many of all items rank before a target, for several popularity weights at once: the most frequent work
 * of an evaluation.
 *
 * Each item is compared for each weight. A WebAssembly function that handles two items in one instruction takes a
 * fifth of JavaScript's time; it uses 64-bit numbers, so the comparison is the same as JavaScript's.
 *
 * @module
 */
import {
  at,
  type Code,
  F64,
  I32,
  I32_ADD,
  I32_OF_I64,
  I32_SUB,
  I64_ADD,
  int32,
  loop,
  makeFunction,
  store32,
  V128,
  vector,
} from "../../pipeline/contract/webassembly.ts";

/** Instructions on vectors of two 64-bit numbers. */
const LOAD_ONE_TWICE = 0x0a, LOAD_HALF = 0x5d, SPLAT = 0x14, OF_32_BITS = 0x5f;
const SUBTRACT = 0xf1, MULTIPLY = 0xf2, IS_AT_LEAST = 0x4c, SUBTRACT_WHOLE = 0xd1, EXTRACT_WHOLE = 0x1d;

/** Bytes of a score; of a weight and of a count. */
const SCORE = 4, TAU = 8, COUNT = 4;
/** Number of items in a step. */
const PAIR = 2;
const PAGE = 1 << 16;

/**
 * A function for a number of weights: it writes to memory how many items have score − target's ≥ τ · (log q −
 * target's log q), for each τ. Memory holds the weights, the counts, then scores and log q at the addresses given by
 * the parameters.
 */
function countFunction(taus: number, memory: WebAssembly.Memory) {
  const counters = Array.from({ length: taus }, (_, t) => `count${t}` as const);
  const parameters = { pairs: I32, scores: I32, logPopularity: I32, score: F64, ofTarget: F64 };
  const locals = {
    ...{ own: V128, ownPopularity: V128, lead: V128, more: V128 },
    ...Object.fromEntries(counters.map((name) => [name, V128])),
  };
  type Name = keyof typeof parameters | keyof typeof locals | typeof counters[number];
  return makeFunction<Name>({ parameters, locals }, ({ get, set, tee }) => {
    const pair = (address: Name) => [...get(address), ...vector(LOAD_HALF, ...at(0)), ...vector(OF_32_BITS)];
    const next = (address: Name) => [...get(address), ...int32(PAIR * SCORE), I32_ADD, ...set(address)];
    /** A comparison that holds gives −1, so it is subtracted. */
    const counted = (counter: Name, t: number): Code => [
      ...get(counter),
      ...get("lead"),
      ...[...int32(0), ...vector(LOAD_ONE_TWICE, ...at(t * TAU)), ...get("more"), ...vector(MULTIPLY)],
      ...[...vector(IS_AT_LEAST), ...vector(SUBTRACT_WHOLE)],
      ...set(counter),
    ];
    const half = (counter: Name, lane: number) => [...get(counter), ...vector(EXTRACT_WHOLE, lane)];
    return [
      ...[...get("score"), ...vector(SPLAT), ...set("own")],
      ...[...get("ofTarget"), ...vector(SPLAT), ...set("ownPopularity")],
      ...loop(
        [...pair("scores"), ...get("own"), ...vector(SUBTRACT), ...set("lead")],
        [...pair("logPopularity"), ...get("ownPopularity"), ...vector(SUBTRACT), ...set("more")],
        ...counters.map(counted),
        [...next("scores"), ...next("logPopularity")],
        [...get("pairs"), ...int32(1), I32_SUB, ...tee("pairs")],
      ),
      ...counters.flatMap((counter, t) =>
        store32(int32(taus * TAU), t * COUNT, [
          ...half(counter, 0),
          ...half(counter, 1),
          I64_ADD,
          I32_OF_I64,
        ])
      ),
    ];
  }, memory);
}

/** The memory that all instances share, made for the first one, and the functions by number of weights. */
let shared:
  | { memory: WebAssembly.Memory; functions: Map<number, ReturnType<typeof countFunction>> }
  | undefined;

/** Counts for rows of scores. All instances work in the same memory: do not await anything between making one and its last count. */
export class ItemsAhead {
  readonly #call: ReturnType<typeof countFunction>;
  readonly #pairs: number;
  readonly #scoresAt: number;
  readonly #logPopularityAt: number;
  readonly #scores: Float32Array;
  readonly #counts: Int32Array;

  /**
   * @param taus Weights of popularity.
   * @param logPopularity log q, [items].
   */
  constructor(taus: readonly number[], logPopularity: Float32Array) {
    const { memory, functions } = shared ??= {
      memory: new WebAssembly.Memory({ initial: 1 }),
      functions: new Map(),
    };
    this.#call = functions.get(taus.length) ?? countFunction(taus.length, memory);
    functions.set(taus.length, this.#call);
    this.#pairs = Math.max(1, Math.ceil(logPopularity.length / PAIR));
    const padded = this.#pairs * PAIR;
    this.#scoresAt = taus.length * (TAU + COUNT);
    this.#logPopularityAt = this.#scoresAt + padded * SCORE;
    const end = this.#logPopularityAt + padded * SCORE, missing = end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    new Float64Array(memory.buffer, 0, taus.length).set(taus);
    this.#counts = new Int32Array(memory.buffer, taus.length * TAU, taus.length);
    // With an odd number of items there is one more: it ranks behind any target.
    this.#scores = new Float32Array(memory.buffer, this.#scoresAt, padded).fill(-Infinity);
    new Float32Array(memory.buffer, this.#logPopularityAt, padded).fill(0).set(logPopularity);
  }

  /**
   * Counts how many items have score − target's ≥ τ · (log q − target's log q), for each τ.
   *
   * @param scores Scores, [items], no NaN.
   * @param score The target's score, which is finite.
   * @param ofTarget The target's log q.
   * @returns Counts, [taus]; the next call overwrites them.
   */
  count(scores: Float32Array, score: number, ofTarget: number): Int32Array {
    this.#scores.set(scores);
    this.#call(this.#pairs, this.#scoresAt, this.#logPopularityAt, score, ofTarget);
    return this.#counts;
  }
}
