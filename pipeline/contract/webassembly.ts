/**
 * Puts WebAssembly modules together, each of one function, for inner loops that JavaScript has no fast words for: products of 64
 * bits, several numbers in one instruction.
 *
 * Numbers are those of the "WebAssembly Core Specification".
 *
 * @module
 */

/** Types of variables. */
export const I32 = 0x7f, I64 = 0x7e, F64 = 0x7c, V128 = 0x7b;
const FUNCTION = 0x60, NO_RESULT = 0x40;
const LOOP = 0x03, END = 0x0b, BRANCH_IF = 0x0d, GET = 0x20, SET = 0x21, TEE = 0x22;
const I32_CONST = 0x41, I64_CONST = 0x42, I32_STORE = 0x36;
export const I32_ADD = 0x6a, I32_SUB = 0x6b, I32_XOR = 0x73;
export const I64_ADD = 0x7c, I64_MUL = 0x7e, I64_SHIFT_RIGHT = 0x88, I32_OF_I64 = 0xa7, I64_OF_I32 = 0xad;

/** Instructions, one behind the other. */
export type Code = readonly number[];

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
const counted = (items: readonly Code[]) => [...unsigned(items.length), ...items.flat()];
const sized = (bytes: Code) => [...unsigned(bytes.length), ...bytes];
const section = (id: number, ...items: Code[]) => [id, ...sized(counted(items))];
const text = (characters: string) => sized([...new TextEncoder().encode(characters)]);

export const int32 = (value: number): Code => [I32_CONST, ...leb128(value | 0, { signed: true })];
export const int64 = (value: number): Code => [I64_CONST, ...leb128(value, { signed: true })];

/** An instruction on vectors of 128 bits. */
export const vector = (instruction: number, ...more: number[]): Code => [
  0xfd,
  ...unsigned(instruction),
  ...more,
];

/** Where in memory: `bytes` behind an address that is a multiple of four. */
export const at = (bytes: number): number[] => [2, ...unsigned(bytes)];

/** Stores the word of 32 bits that `word` leaves, `bytes` behind an address. */
export const store32 = (address: Code, bytes: number, word: Code): Code => [
  ...address,
  ...word,
  I32_STORE,
  ...at(bytes),
];

/** Does something again as long as what it leaves is not 0. */
export const loop = (...body: Code[]): Code => [LOOP, NO_RESULT, ...body.flat(), BRANCH_IF, 0, END];

/** Variables by their names. */
export interface Variables<Name extends string> {
  get(name: Name): Code;
  /** Takes what lies on top. */
  set(name: Name): Code;
  /** The same, and leaves it there. */
  tee(name: Name): Code;
}

/**
 * Makes a function that gives nothing back but what it leaves in memory.
 *
 * @param parameters, @param locals Types by names; locals are 0 at first.
 * @param body What it does.
 * @param memory What it works on. Functions may share one: each takes 4 GiB of the process's addresses, whatever is in it.
 */
export function makeFunction<Name extends string>(
  { parameters, locals }: Record<"parameters" | "locals", { readonly [name in Name]?: number }>,
  body: (variables: Variables<Name>) => Code,
  memory: WebAssembly.Memory,
): (...parameters: number[]) => void {
  const names = [...Object.keys(parameters), ...Object.keys(locals)];
  const by = (instruction: number) => (name: Name) => [instruction, names.indexOf(name)];
  const types = (of: Partial<Record<Name, number>>) => Object.values<number>(of as Record<string, number>);
  const code = [
    ...counted(types(locals).map((type) => [1, type])),
    ...body({ get: by(GET), set: by(SET), tee: by(TEE) }),
    END,
  ];
  const module = new WebAssembly.Module(Uint8Array.of(
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // "\0asm", version 1
    ...section(1, [FUNCTION, ...counted(types(parameters).map((type) => [type])), 0]),
    ...section(2, [...text(HOST), ...text("memory"), 2, 0, 0]), // a memory of no pages or more
    ...section(3, [0]), // a function of type 0
    ...section(7, [...text("call"), 0, 0]),
    ...section(10, sized(code)),
  ));
  const { exports } = new WebAssembly.Instance(module, { [HOST]: { memory } });
  return exports.call as (...parameters: number[]) => void;
}

/** From whom a module takes its memory. */
const HOST = "host";
