import assert from "node:assert/strict";
import { MOST_BLOCKS, philox4x32, type PhiloxCounter } from "../../../pipeline/contract/philox.ts";

const block = (counter: PhiloxCounter["counter"], key: PhiloxCounter["key"]): number[] => {
  const out = new Uint32Array(4);
  philox4x32(out, { counter, key });
  return [...out];
};

Deno.test("philox4x32-10: the known answers of Random123", () => {
  assert.deepEqual(block([0, 0, 0, 0], [0, 0]), [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
  assert.deepEqual(block([-1, -1, -1, -1], [-1, -1]), [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]);
  const digits = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344] as const; // of pi
  assert.deepEqual(block(digits, [0xa4093822, 0x299f31d0]), [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]);
});

Deno.test("philox4x32-10: many blocks are those of one counter after the other, beyond the last of 32 bits too", () => {
  const out = new Uint32Array(4 * MOST_BLOCKS), first = 2 ** 32 - 5, key = [1, 2] as const;
  philox4x32(out, { counter: [first, 7, 8, 9], key });
  for (const i of [0, 1, 4, 5, 6, MOST_BLOCKS - 1]) {
    assert.deepEqual([...out.subarray(4 * i, 4 * i + 4)], block([(first + i) % 2 ** 32, 7, 8, 9], key));
  }
});

Deno.test("philox4x32-10: by the paper's definition, with numbers of any size", () => {
  const mask = 0xffffffffn,
    key = [0xdeadbeef, 0x12345678] as const,
    counter = [5, 2 ** 31, 2 ** 32 - 1, 77] as const;
  let [a, b, c, d] = counter.map(BigInt), [k0, k1] = key.map(BigInt);
  for (let round = 0; round < 10; round++) {
    const p0 = 0xd2511f53n * a, p1 = 0xcd9e8d57n * c;
    [a, b, c, d] = [(p1 >> 32n) ^ b ^ k0, p1 & mask, (p0 >> 32n) ^ d ^ k1, p0 & mask];
    [k0, k1] = [(k0 + 0x9e3779b9n) & mask, (k1 + 0xbb67ae85n) & mask];
  }
  assert.deepEqual(block(counter, key), [a, b, c, d].map(Number));
});

Deno.test("philox4x32-10: no more blocks than there is room for, and whole ones", () => {
  for (const words of [4 * MOST_BLOCKS + 4, 0, 6]) {
    const out = new Uint32Array(words);
    assert.throws(() => philox4x32(out, { counter: [0, 0, 0, 0], key: [0, 0] }), RangeError);
  }
});
