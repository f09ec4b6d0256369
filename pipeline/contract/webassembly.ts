/**
 * Assembles WebAssembly modules of one function each, for inner loops that JavaScript has no fast operations for: 64-bit products,
 * several numbers in one instruction.
 *
 * The codes are those of the "WebAssembly Core Specification".
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

/** A sequence of instructions. */
export type Code = readonly number[];

/** Encodes a number in LEB128: seven bits a byte, lowest first; in signed numbers the last byte holds the sign. */
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

/** An instruction on 128-bit vectors. */
export const vector = (instruction: number, ...more: number[]): Code => [
  0xfd,
  ...unsigned(instruction),
  ...more,
];

/** A memory operand: `bytes` after an address that is a multiple of four. */
export const at = (bytes: number): number[] => [2, ...unsigned(bytes)];

/** Stores the 32-bit word that `word` leaves on the stack, `bytes` after an address. */
export const store32 = (address: Code, bytes: number, word: Code): Code => [
  ...address,
  ...word,
  I32_STORE,
  ...at(bytes),
];

/** Repeats its body as long as the body leaves a value other than 0. */
export const loop = (...body: Code[]): Code => [LOOP, NO_RESULT, ...body.flat(), BRANCH_IF, 0, END];

/** Access to variables by name. */
export interface Variables<Name extends string> {
  get(name: Name): Code;
  /** Takes the value on top of the stack. */
  set(name: Name): Code;
  /** Does the same, but leaves the value on the stack. */
  tee(name: Name): Code;
}

/**
 * Creates a function that returns nothing and writes its results to memory.
 *
 * @param parameters, @param locals Types by name; locals start at 0.
 * @param body Returns the code of the function.
 * @param memory The memory it works on. Functions may share one: each memory takes 4 GiB of the process's address space, regardless of its
 * content.
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

/** Name under which a module imports its memory. */
const HOST = "host";
