/**
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011), the counter-based generator that
 * TensorFlow, PyTorch and cuRAND use too.
 *
 * A round takes two 64-bit products. JavaScript has to compose each from four smaller ones; WebAssembly has them as instructions, so that a
 * block takes a quarter of the time. The generator is therefore a WebAssembly function, assembled below.
 *
 * @module
 */
import {
  type Code,
  I32,
  I32_ADD,
  I32_OF_I64,
  I32_SUB,
  I32_XOR,
  I64,
  I64_MUL,
  I64_OF_I32,
  I64_SHIFT_RIGHT,
  int32,
  int64,
  loop,
  makeFunction,
  store32,
  type Variables,
} from "./webassembly.ts";

const ROUNDS = 10;
const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57], WEYL = [0x9e3779b9, 0xbb67ae85];

/** Maximum number of blocks per call: one page of WebAssembly memory. */
export const MOST_BLOCKS = 4096;

const PARAMETERS = {
  ...{ blocks: I32, counter: I32, counter1: I32, counter2: I32, counter3: I32 },
  ...{ key0: I32, key1: I32 },
};
const LOCALS = { x0: I32, x1: I32, x2: I32, x3: I32, at: I32, product0: I64, product1: I64 };
type Name = keyof typeof PARAMETERS | keyof typeof LOCALS;

/** Computes block after block and stores their words consecutively from address 0 on. */
function body({ get, set, tee }: Variables<Name>): Code {
  /** `product = multiplier · word`, with 64 bits. */
  const multiplied = (product: Name, multiplier: number, word: Name) => [
    ...get(word),
    ...[I64_OF_I32, ...int64(multiplier), I64_MUL],
    ...set(product),
  ];
  const low = (product: Name) => [...get(product), I32_OF_I64];
  const high = (product: Name) => [...get(product), ...int64(32), I64_SHIFT_RIGHT, I32_OF_I64];
  /** The word of the key in a round: each round adds the Weyl constant. */
  const keyOf = (word: 0 | 1, round: number) => [
    ...get(`key${word}`),
    ...[...int32(Math.imul(round, WEYL[word])), I32_ADD],
  ];
  const round = (round: number) => [
    ...multiplied("product0", MULTIPLIERS[0], "x0"),
    ...multiplied("product1", MULTIPLIERS[1], "x2"),
    ...[...high("product1"), ...get("x1"), I32_XOR, ...keyOf(0, round), I32_XOR, ...set("x0")],
    ...[...low("product1"), ...set("x1")],
    ...[...high("product0"), ...get("x3"), I32_XOR, ...keyOf(1, round), I32_XOR, ...set("x2")],
    ...[...low("product0"), ...set("x3")],
  ];
  const words = ["x0", "x1", "x2", "x3"] as const;
  return loop(
    [...get("counter"), ...set("x0"), ...get("counter1"), ...set("x1")],
    [...get("counter2"), ...set("x2"), ...get("counter3"), ...set("x3")],
    ...Array.from({ length: ROUNDS }, (_, i) => round(i)),
    ...words.map((word, i) => store32(get("at"), 4 * i, get(word))),
    [...get("at"), ...int32(16), I32_ADD, ...set("at")],
    [...get("counter"), ...int32(1), I32_ADD, ...set("counter")],
    [...get("blocks"), ...int32(1), I32_SUB, ...tee("blocks")],
  );
}

const memory = new WebAssembly.Memory({ initial: 1 });
const blocks = makeFunction<Name>({ parameters: PARAMETERS, locals: LOCALS }, body, memory);
const words = new Uint32Array(memory.buffer);

/** A 128-bit counter, lowest word first, with a 64-bit key. All words may be signed. */
export interface PhiloxCounter {
  counter: readonly [number, number, number, number];
  key: readonly [number, number];
}

/**
 * Generates blocks of four words of 32 random bits, for consecutive values of the counter's lowest word.
 *
 * @param out Receives the words [4 · n], with n from 1 to {@link MOST_BLOCKS}.
 */
export function philox4x32(
  out: Uint32Array,
  { counter: [c0, c1, c2, c3], key: [k0, k1] }: PhiloxCounter,
): void {
  const n = out.length / 4;
  if (!Number.isInteger(n) || n < 1 || n > MOST_BLOCKS) throw new RangeError(`${n} blocks at once`);
  blocks(n, c0, c1, c2, c3, k0, k1);
  out.set(words.subarray(0, out.length));
}
