import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { InputError } from "../../../pipeline/contract/errors.ts";
import { readSafetensors, type SavedTensor, writeSafetensors } from "../../../model/run/safetensors.ts";
import { withFolder } from "../../folders.ts";
import { hasModules, runPython } from "../../pipeline/export/python.ts";

const matrix = { shape: [2, 3], values: Float32Array.of(1, -2, 0.5, 1e-30, 3e30, 0) };
const vector = { shape: [3], values: Float32Array.of(7, 8, 9) };
const two = new Map<string, SavedTensor>([["long.0.sequence.w1", matrix], ["items.embedding", vector]]);

/** The bytes of a file with this header and so many bytes of data. */
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
    const name = fc.string({ unit: "grapheme" }).filter((text) =>
      text !== "__metadata__" && text !== "__proto__"
    );
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(name, tensor), { selector: ([name]) => name, maxLength: 6 }),
        fc.dictionary(name, fc.string({ unit: "grapheme" }), { noNullPrototype: true }),
        async (entries, metadata) => {
          await writeSafetensors(path, new Map(entries), metadata);
          const read = await readSafetensors(path);
          assert.deepEqual(read.metadata, metadata);
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
    await assert.rejects(readSafetensors(dir), /InputError: Cannot read .*: /);
  });
});

Deno.test("where nothing can be written, the old file stays, and nothing beside it", () =>
  withFolder(async (dir) => {
    const path = join(dir, "w.safetensors");
    await writeSafetensors(path, two);
    await assert.rejects(
      writeSafetensors(join(path, "below"), two),
      /InputError: Cannot write .*; free some space or choose another/,
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
