import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { InputError } from "../../../pipeline/contract/errors.ts";
import { hashFileSync } from "../../../pipeline/contract/files/checksums.ts";
import { RandomStream } from "../../../pipeline/contract/random.ts";
import { readSafetensors, type SavedTensor, writeSafetensors } from "../../../model/records/safetensors.ts";
import { withFolder } from "../../folders.ts";
import { hasModules, runPython } from "../../pipeline/export/python.ts";

const matrix = { shape: [2, 3], values: Float32Array.of(1, -2, 0.5, 1e-30, 3e30, 0) };
const vector = { shape: [3], values: Float32Array.of(7, 8, 9) };
const two = new Map<string, SavedTensor>([["long.0.sequence.w1", matrix], ["items.embedding", vector]]);

/** The bytes of a file with this header and this number of data bytes. */
function raw(header: unknown, dataBytes: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

Deno.test("the bytes of a file are those of the format", () =>
  withFolder(async (dir) => {
    const path = join(dir, "w.safetensors");
    await writeSafetensors(path, two, { format: "automlp-model" });
    const bytes = Deno.readFileSync(path), view = new DataView(bytes.buffer);
    const length = Number(view.getBigUint64(0, true));
    assert.equal(length % 8, 0);
    assert.deepEqual(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))), {
      __metadata__: { format: "automlp-model" },
      "items.embedding": { dtype: "F32", shape: [3], data_offsets: [0, 12] },
      "long.0.sequence.w1": { dtype: "F32", shape: [2, 3], data_offsets: [12, 36] },
    });
    assert.equal(bytes.length, 8 + length + 36);
    assert.equal(view.getFloat32(8 + length, true), 7);
    assert.equal(view.getFloat32(8 + length + 12 + 4, true), -2);
    assert.deepEqual([...Deno.readDirSync(dir)].map(({ name }) => name), ["w.safetensors"]);
  }));

Deno.test("what was written is read: any names, shapes, numbers and metadata", () =>
  withFolder(async (dir) => {
    const path = join(dir, "w.safetensors");
    const tensor = fc.array(fc.nat(4), { maxLength: 3 }).chain((shape) => {
      const size = shape.reduce((a, b) => a * b, 1);
      return fc.float32Array({ minLength: size, maxLength: size }).map((values) => ({ shape, values }));
    });
    const special = fc.constantFrom("__proto__", "constructor", "hasOwnProperty", "toString");
    const name = fc.oneof(
      { weight: 9, arbitrary: fc.string({ unit: "grapheme" }).filter((text) => text !== "__metadata__") },
      special,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(name, tensor), { selector: ([name]) => name, maxLength: 6 }),
        fc.dictionary(name, fc.string({ unit: "grapheme" }), { noNullPrototype: true }),
        async (entries, metadata) => {
          await writeSafetensors(path, new Map(entries), metadata);
          const read = await readSafetensors(path);
          assert.deepEqual(Object.entries(read.metadata).sort(), Object.entries(metadata).sort());
          assert.deepEqual([...read.tensors.keys()], entries.map(([name]) => name).sort());
          for (const [name, tensor] of entries) assert.deepEqual(read.tensors.get(name), tensor);
        },
      ),
      { seed: 1, numRuns: 60 },
    );
  }));

Deno.test("part of a larger array is written, and nothing around it", () =>
  withFolder(async (dir) => {
    const path = join(dir, "w.safetensors"), all = Float32Array.of(1, 2, 3, 4, 5);
    await writeSafetensors(path, new Map([["part", { shape: [2], values: all.subarray(2, 4) }]]));
    assert.deepEqual((await readSafetensors(path)).tensors.get("part")!.values, Float32Array.of(3, 4));
  }));

Deno.test("what is no such file is refused in one line", async () => {
  const entry = { dtype: "F32", shape: [2], data_offsets: [0, 8] };
  const cases: [bytes: Uint8Array, message: RegExp][] = [
    [new Uint8Array(0), /it is not a safetensors file; give weights/],
    [new TextEncoder().encode("user,item,timestamp\n1,2,3\n"), /it is not a safetensors file/],
    [raw("[1", 0), /it is not a safetensors file/],
    [raw([1], 0), /it is not a safetensors file/],
    [
      raw({ a: entry }, 8).subarray(0, 20),
      /it is cut off, or not a safetensors file: its header should have 54 bytes/,
    ],
    [raw({ a: entry }, 7), /it is cut off: its tensors take 8 bytes, there are 7; copy it again/],
    [raw({ a: entry }, 9), /it is too long: its tensors take 8 bytes, there are 9/],
    [
      raw({ a: { ...entry, dtype: "BF16" } }, 8),
      /tensor "a" has numbers of type BF16; save it with 32-bit floats/,
    ],
    [raw({ a: { ...entry, shape: [3] } }, 8), /tensor "a" is damaged \(shape 3 does not fit in 8 bytes\)/],
    [raw({ a: { dtype: "F32", shape: [2] } }, 8), /tensor "a" is damaged \(data_offsets: /],
    [raw({ a: { ...entry, data_offsets: [4, 12] } }, 12), /begins at byte 4, the one before ends at 0/],
    [raw({ a: entry, b: entry }, 8), /"b" is damaged \(it begins at byte 0, the one before ends at 8\)/],
    [raw({ __metadata__: { a: 1 } }, 0), /its metadata are not text by name/],
    [raw({ __metadata__: ["a"] }, 0), /its metadata are not text by name/],
    [
      raw('{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"\\u0061" :[]}', 0),
      /its header names "a" twice/,
    ],
    [raw('{"__metadata__":{"x":"1","x":"2"}}', 0), /its header names "x" twice/],
    [
      raw({ a: { ...entry, data_offsets: [8, 0] } }, 8),
      /"a" is damaged \(shape 2 does not fit in -8 bytes\)/,
    ],
    [raw({ a: { ...entry, data_offsets: [-8, 0] } }, 8), /"a" is damaged \(data_offsets.0: /],
    [raw({ a: { ...entry, shape: [-2] } }, 8), /"a" is damaged \(shape.0: /],
    [raw({ a: { ...entry, shape: [1.5] } }, 8), /"a" is damaged \(shape.0: /],
    [raw({ a: { ...entry, shape: [2 ** 60] } }, 8), /"a" is damaged \(shape.0: /],
    [raw({ a: { ...entry, shape: [2 ** 32, 2 ** 32] } }, 8), /"a" is damaged \(shape 4294967296 × /],
    [raw({ a: { ...entry, shape: "2" } }, 8), /"a" is damaged \(shape: /],
    [raw({ a: null }, 0), /"a" is damaged \(entry: /],
    [raw("[".repeat(100_000), 0), /it is not a safetensors file/],
    [raw('{"__proto__":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 4), /it is cut off/],
  ];
  await withFolder(async (dir) => {
    const path = join(dir, "w.safetensors");
    for (const [bytes, message] of cases) {
      Deno.writeFileSync(path, bytes);
      await assert.rejects(readSafetensors(path), (error: Error) => {
        assert.ok(error instanceof InputError, String(error));
        assert.ok(error.message.startsWith(`Cannot read ${path}: `) && !error.message.includes("\n"));
        assert.match(error.message, message);
        return true;
      });
    }
    await assert.rejects(
      readSafetensors(join(dir, "none")),
      /InputError: Cannot read .*none: there is no such file/,
    );
    await assert.rejects(readSafetensors(dir), /InputError: Cannot read .*: it is a folder; give a file/);
  });
});

Deno.test("a name that means something to JavaScript is a name", () =>
  withFolder(async (dir) => {
    const path = join(dir, "w.safetensors");
    await writeSafetensors(path, new Map([["__proto__", vector]]), { note: "x" });
    const { tensors, metadata } = await readSafetensors(path);
    assert.deepEqual([...tensors], [["__proto__", vector]]);
    assert.deepEqual(metadata, { note: "x" });
  }));

Deno.test({
  name: "pipes, devices and files larger than the memory are refused at once",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (dir) => {
      const pipe = join(dir, "pipe"), sparse = join(dir, "sparse"), size = 2 ** 43;
      const { success } = await new Deno.Command("mkfifo", { args: [pipe] }).output();
      assert(success);
      await assert.rejects(
        readSafetensors(pipe),
        /InputError: Cannot read .*pipe: it is a pipe; give a file/,
      );
      const header = raw({ a: { dtype: "F32", shape: [size / 4], data_offsets: [0, size] } }, 0);
      Deno.writeFileSync(sparse, header);
      Deno.truncateSync(sparse, header.length + size); // 8 TiB of nothing
      await assert.rejects(
        readSafetensors(sparse),
        /RunError: Cannot read .*sparse: its tensors take 8TiB, and .*; free some memory, or give other weights$/,
      );
    }),
});

Deno.test("what the tensors should be is checked, and memory is bounded, before any number is read", () =>
  withFolder(async (dir) => {
    const path = join(dir, "w.safetensors");
    await writeSafetensors(path, two);
    const shapes: unknown[] = [];
    await readSafetensors(path, { check: (found) => shapes.push(...found) });
    assert.deepEqual(shapes, [["items.embedding", [3]], ["long.0.sequence.w1", [2, 3]]]);
    const no = new InputError("no");
    await assert.rejects(
      readSafetensors(path, {
        check: () => {
          throw no;
        },
      }),
      no,
    );
    await readSafetensors(path, { limit: 36 });
    await assert.rejects(
      readSafetensors(path, { limit: 35 }),
      /RunError: Cannot read .*: its tensors take 36B, and 35B are allowed; free some memory/,
    );
  }));

Deno.test("a file is compared with its checksum while it is read", () =>
  withFolder(async (dir) => {
    const path = join(dir, "w.safetensors");
    await writeSafetensors(path, two, { note: "x" });
    const sha256 = hashFileSync(path), other = "0".repeat(64);
    assert.equal((await readSafetensors(path, { sha256 })).tensors.size, 2);
    const found: string[] = [];
    await readSafetensors(path, { sha256: (sha256) => void found.push(sha256) });
    assert.deepEqual(found, [sha256]);
    await assert.rejects(
      readSafetensors(path, { sha256: other }),
      /InputError: Cannot read .*: it is damaged: its checksum does not match; restore it from a copy/,
    );
  }));

/** Files that differ from `bytes` in some place, the same each time. */
function* mutations(bytes: Uint8Array, count: number): Generator<Uint8Array<ArrayBuffer>> {
  const random = new RandomStream(1, "mutations");
  const kinds = [
    (copy: Uint8Array) => copy[random.below(copy.length)] ^= 1 << random.below(8),
    (copy: Uint8Array) => copy[random.below(copy.length)] = random.below(256),
    (copy: Uint8Array) => copy.fill(0, random.below(copy.length)),
    (copy: Uint8Array) => copy.copyWithin(random.below(copy.length), random.below(copy.length)),
  ];
  for (let i = 0; i < count; i++) {
    const copy = bytes.slice(), kind = random.below(kinds.length + 2);
    kinds[kind]?.(copy);
    if (kind < kinds.length) yield copy as Uint8Array<ArrayBuffer>;
    else if (kind === kinds.length) yield copy.slice(0, random.below(copy.length));
    else {yield Uint8Array.of(
        ...copy.subarray(0, random.below(copy.length)),
        ...copy.subarray(random.below(copy.length)),
      );}
  }
}

Deno.test("a damaged file gives an InputError, or tensors of the same shapes; with its checksum, the same numbers", () =>
  withFolder(async (dir) => {
    const path = join(dir, "w.safetensors");
    await writeSafetensors(path, two, { format: "automlp-model", dataset: "0123" });
    const whole = Deno.readFileSync(path),
      sha256 = hashFileSync(path),
      { tensors } = await readSafetensors(path);
    const shapesOf = (of: ReadonlyMap<string, SavedTensor>) =>
      [...of].map(([name, { shape }]) => [name, ...shape]);
    const check = (shapes: ReadonlyMap<string, readonly number[]>) => {
      const found = [...shapes].map(([name, shape]) => [name, ...shape]).sort();
      if (JSON.stringify(found) !== JSON.stringify(shapesOf(tensors))) throw new InputError("other tensors");
    };
    let [refused, other] = [0, 0];
    for (const bytes of mutations(whole, 500)) {
      Deno.writeFileSync(path, bytes);
      const same = bytes.length === whole.length && bytes.every((byte, i) => byte === whole[i]);
      try {
        const read = await readSafetensors(path, { check });
        assert.deepEqual(shapesOf(read.tensors), shapesOf(tensors));
        if (!same) other++;
      } catch (error) {
        assert(error instanceof InputError && !error.message.includes("\n"), String(error));
        assert(!same);
        refused++;
      }
      if (same) assert.deepEqual((await readSafetensors(path, { check, sha256 })).tensors, tensors);
      else await assert.rejects(readSafetensors(path, { check, sha256 }), InputError);
    }
    assert(refused > 300 && other > 20, `${refused} refused, ${other} with other numbers or metadata`);
  }));

Deno.test("where nothing can be written, the old file stays, and nothing beside it", () =>
  withFolder(async (dir) => {
    const path = join(dir, "w.safetensors");
    await writeSafetensors(path, two);
    await assert.rejects(
      writeSafetensors(join(path, "below"), two),
      /InputError: Cannot write .*; see that it can be written or choose another/,
    );
    await assert.rejects(
      writeSafetensors(path, new Map([["a", { shape: [2], values: vector.values }]])),
      /Tensor "a" of shape 2 has 3 values/,
    );
    assert.equal((await readSafetensors(path)).tensors.size, 2);
    assert.deepEqual([...Deno.readDirSync(dir)].map(({ name }) => name), ["w.safetensors"]);
  }));

Deno.test({
  name: "Python's safetensors package reads the file, and we read what it writes",
  ignore: !hasModules("safetensors", "numpy"),
  fn: () =>
    withFolder(async (dir) => {
      const ours = join(dir, "ours.safetensors"), theirs = join(dir, "theirs.safetensors");
      await writeSafetensors(ours, two, { seed: "7" });
      const read = runPython<{ metadata: unknown; tensors: unknown }>("copy_safetensors.py", ours, theirs);
      assert.deepEqual(read, {
        metadata: { seed: "7" },
        tensors: {
          "items.embedding": [7, 8, 9],
          "long.0.sequence.w1": [[1, -2, 0.5], [...matrix.values.subarray(3)]],
        },
      });
      const back = await readSafetensors(theirs);
      assert.deepEqual(back.tensors, new Map([...two].sort()));
      assert.deepEqual(back.metadata, { seed: "7" });
    }),
});
