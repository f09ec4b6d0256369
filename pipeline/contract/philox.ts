/**
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011), the counter-based generator that TensorFlow,
 * PyTorch and cuRAND use too.
 *
 * A round takes two products of 64 bits. JavaScript has to put each together from four smaller ones, WebAssembly has them: there a block takes a
 * quarter of the time. So the generator is a WebAssembly module, written out below.
 *
 * @module
 */

const ROUNDS = 10;
const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57], WEYL = [0x9e3779b9, 0xbb67ae85];

/** Blocks that one call gives at most: a page of WebAssembly's memory. */
export const MOST_BLOCKS = 4096;

/** Types and instructions, by their codes in the "WebAssembly Core Specification". */
const I32 = 0x7f, I64 = 0x7e, FUNCTION = 0x60, NO_RESULT = 0x40;
const LOOP = 0x03, END = 0x0b, BRANCH_IF = 0x0d, GET = 0x20, SET = 0x21, TEE = 0x22;
const I32_CONST = 0x41, I32_STORE = 0x36, I32_ADD = 0x6a, I32_SUB = 0x6b, I32_XOR = 0x73;
const I64_CONST = 0x42, I64_MUL = 0x7e, I64_SHIFT_RIGHT = 0x88, I32_OF_I64 = 0xa7, I64_OF_I32 = 0xad;

const PARAMETERS = ["blocks", "counter", "counter1", "counter2", "counter3", "key0", "key1"] as const;
const WORDS = ["x0", "x1", "x2", "x3", "at"] as const, PRODUCTS = ["product0", "product1"] as const;
const VARIABLES = [...PARAMETERS, ...WORDS, ...PRODUCTS];
type Variable = typeof VARIABLES[number];

const get = (name: Variable) => [GET, VARIABLES.indexOf(name)];
const set = (name: Variable) => [SET, VARIABLES.indexOf(name)];

/** A number in LEB128: seven bits a byte, the lowest first; of signed ones the last byte holds the sign. */
function leb128(value: number, { signed }: { signed: boolean }): number[] {
  const bytes: number[] = [];
  for (let left = value;;) {
    const byte = ((left % 128) + 128) % 128;
    left = Math.floor(left / 128);
    const isLast = signed ? left === (byte & 0x40 ? -1 : 0) : left === 0;
    bytes.push(isLast ? byte : byte | 0x80);
    if (isLast) return bytes;
  }
}

const unsigned = (value: number) => leb128(value, { signed: false });
const int32 = (value: number) => [I32_CONST, ...leb128(value | 0, { signed: true })];
const int64 = (value: number) => [I64_CONST, ...leb128(value, { signed: true })];
const counted = (items: readonly number[][]) => [...unsigned(items.length), ...items.flat()];
const sized = (bytes: readonly number[]) => [...unsigned(bytes.length), ...bytes];
const section = (id: number, ...items: number[][]) => [id, ...sized(counted(items))];
const text = (characters: string) => sized([...new TextEncoder().encode(characters)]);

/** `product = multiplier · word`, of 64 bits. */
const multiplied = (product: Variable, multiplier: number, word: Variable) => [
  ...get(word),
  ...[I64_OF_I32, ...int64(multiplier), I64_MUL],
  ...set(product),
];
const low = (product: Variable) => [...get(product), I32_OF_I64];
const high = (product: Variable) => [...get(product), ...int64(32), I64_SHIFT_RIGHT, I32_OF_I64];
/** The key's word of a round: each adds the Weyl constant. */
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

const stored = (word: Variable, place: number) => [
  ...get("at"),
  ...get(word),
  ...[I32_STORE, 2, 4 * place],
];

/** Block after block, their words one behind the other from address 0 on. */
const BODY = [
  ...counted([[...unsigned(WORDS.length), I32], [...unsigned(PRODUCTS.length), I64]]),
  ...[LOOP, NO_RESULT],
  ...[...get("counter"), ...set("x0"), ...get("counter1"), ...set("x1")],
  ...[...get("counter2"), ...set("x2"), ...get("counter3"), ...set("x3")],
  ...Array.from({ length: ROUNDS }, (_, i) => round(i)).flat(),
  ...[...stored("x0", 0), ...stored("x1", 1), ...stored("x2", 2), ...stored("x3", 3)],
  ...[...get("at"), ...int32(16), I32_ADD, ...set("at")],
  ...[...get("counter"), ...int32(1), I32_ADD, ...set("counter")],
  ...[...get("blocks"), ...int32(1), I32_SUB, TEE, VARIABLES.indexOf("blocks"), BRANCH_IF, 0],
  ...[END, END],
];

const MODULE = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // "\0asm", version 1
  ...section(1, [FUNCTION, ...counted(PARAMETERS.map(() => [I32])), 0]),
  ...section(3, [0]), // a function of type 0
  ...section(5, [0, 1]), // a memory of a page
  ...section(7, [...text("memory"), 2, 0], [...text("blocks"), 0, 0]),
  ...section(10, sized(BODY)),
);

interface Exports {
  memory: { buffer: ArrayBuffer };
  blocks(...parameters: number[]): void;
}
const { memory, blocks } = new WebAssembly.Instance(new WebAssembly.Module(MODULE))
  .exports as unknown as Exports;
const words = new Uint32Array(memory.buffer);

/** A 128-bit counter, its lowest word first, under a 64-bit key. All words may be signed. */
export interface PhiloxCounter {
  counter: readonly [number, number, number, number];
  key: readonly [number, number];
}

/**
 * Blocks of four words of 32 random bits, for counters whose lowest words follow each other.
 *
 * @param out [4 · n] receives them: n from 1 to {@link MOST_BLOCKS}.
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
