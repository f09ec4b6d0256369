import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { bytesOfBuffer } from "../../../../pipeline/readers/bytes.ts";
import { checkParquet } from "../../../../pipeline/readers/columnar/parquet_check.ts";
import {
  readStruct,
  type Struct,
  ThriftError,
  type Value,
} from "../../../../pipeline/readers/columnar/thrift.ts";
import { withFolder } from "../../../folders.ts";

/** Checks the whole file; returns the number of rows. */
function check(bytes: Uint8Array): number {
  const { rows, checkColumns } = checkParquet("a.parquet", bytesOfBuffer(bytes));
  checkColumns();
  return rows;
}

async function parquet(rows: number, options = {}): Promise<Uint8Array> {
  let bytes: Uint8Array | undefined;
  await withFolder((dir) => {
    pl.DataFrame([
      pl.Series("user", Array.from({ length: rows }, (_, i) => `u${i % 7}`), pl.String),
      pl.Series("time", Array.from({ length: rows }, (_, i) => i), pl.Int64),
    ]).lazy().sinkParquet(`${dir}/a.parquet`, { rowGroupSize: 10, ...options }).collectSync();
    bytes = Deno.readFileSync(`${dir}/a.parquet`);
  });
  return bytes!;
}

Deno.test("parquet footer: whole files, with their rows", async () => {
  for (const compression of ["zstd", "snappy", "uncompressed"]) {
    assert.equal(check(await parquet(35, { compression })), 35);
  }
  assert.equal(check(await parquet(0)), 0);
});

/** The file with a changed footer: `change` edits the rows and the first column of the first row group. */
function withFooter(bytes: Uint8Array, change: (footer: Struct, column: Struct) => void): Uint8Array {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 8, true);
  const start = bytes.length - 8 - length;
  const footer = readStruct(bytes.subarray(start, bytes.length - 8));
  const group = (footer.get(4) as Struct[])[0];
  change(footer, (group.get(1) as Struct[])[0].get(3) as Struct);
  const written = writeStruct(footer);
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, written.length, true);
  return Uint8Array.from([...bytes.subarray(0, start), ...written, ...size, ...bytes.subarray(-4)]);
}

Deno.test("parquet footer: of a row group without rows the columns need no place", async () => {
  const emptied = (rows: bigint, size?: bigint) =>
    parquet(35).then((bytes) =>
      withFooter(bytes, (footer) => {
        const group = (footer.get(4) as Struct[])[0];
        footer.set(3, 25n + rows);
        group.set(3, rows);
        for (const column of group.get(1) as Struct[]) {
          const facts = (column.get(3) as Struct).set(5, 0n).set(9, 0n); // no number of values, and no place
          if (size !== undefined) facts.set(7, size);
        }
      })
    );
  assert.equal(check(await emptied(0n)), 25);
  await assert.rejects(async () => check(await emptied(10n)), /a column lies outside of the file/);
  await assert.rejects(async () => check(await emptied(0n, 2n ** 40n)), /a column lies outside of the file/);
});

Deno.test("parquet footer: sizes that cannot be", async () => {
  const good = await parquet(35);
  assert.equal(check(withFooter(good, () => {})), 35);
  const refused = (bytes: Uint8Array, state: string) =>
    assert.throws(() => check(bytes), {
      name: "InputError",
      message: `Cannot read a.parquet: it is no whole Parquet file: ${state}; copy or write it again`,
    });
  refused(good.subarray(0, -1), "its end is missing");
  refused(good.subarray(0, 9), "it is too short");
  refused(
    Uint8Array.from([...good.subarray(0, 4), 1, 0, 255, 255, 255, 255, ...good.subarray(-4)]),
    "its footer is larger than the file",
  );
  const set = (fields: Struct, id: number, value: bigint) => void fields.set(id, value);
  refused(
    withFooter(good, (footer) => set(footer, 3, 36n)),
    "its row groups have 35 rows, and it is said to have 36",
  );
  refused(
    withFooter(good, (footer) => set(footer, 3, 1n << 60n)),
    "it has 1152921504606846976 rows, more than can be read",
  );
  refused(
    withFooter(good, (_, column) => set(column, 7, 1n << 60n)),
    "a column lies outside of the file",
  );
  refused(withFooter(good, (_, column) => set(column, 9, 1n << 40n)), "a column lies outside of the file");
  refused(
    withFooter(good, (_, column) => set(column, 5, -1n)),
    "a column's number of values is missing or negative",
  );
  refused(withFooter(good, (_, column) => void column.delete(6)), "a column's size is missing or negative");
  refused(withFooter(good, (footer) => void footer.delete(4)), "its row groups are missing");
  assert.equal(check(withFooter(good, (_, column) => set(column, 11, 0n))), 35, "place 0: no dictionary");
});

Deno.test("thrift: what cannot be read", () => {
  const refused = (bytes: number[], message: string) =>
    assert.throws(
      () => readStruct(Uint8Array.from(bytes)),
      (error) => error instanceof ThriftError && error.message === message,
    );
  refused([], "it ends too early");
  refused([0x18, 0x05, 1], "it ends too early"); // five bytes of text
  refused([0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x0f], "it ends too early"); // four billion structures
  refused([0x16, ...new Array(10).fill(0xff)], "a number is longer than 64 bits");
  refused([0x1e], "a field is of the unknown type 14");
  refused(new Array(100).fill(0x1c), "structures are nested too deeply");
  refused([0x19, ...new Array(100).fill(0x19)], "lists are nested too deeply");
});

/** Writes a structure in the compact protocol, which `readStruct` reads. Whole numbers are written with 64 bits. */
function writeStruct(fields: Struct): number[] {
  const bytes: number[] = [];
  for (const [id, value] of fields) {
    const type = typeof value === "boolean" ? (value ? 1 : 2) : typeOf(value);
    bytes.push(type, ...varint(BigInt(id) * 2n), ...(typeof value === "boolean" ? [] : writeValue(value)));
  }
  return [...bytes, 0];
}

function typeOf(value: Value): number {
  if (typeof value === "bigint") return 6;
  if (value instanceof Uint8Array) return 8;
  if (Array.isArray(value)) return 9;
  return value instanceof Map ? 12 : 3;
}

function writeValue(value: Value): number[] {
  if (typeof value === "bigint") return varint(BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)));
  if (value instanceof Uint8Array) return [...varint(BigInt(value.length)), ...value];
  if (Array.isArray(value)) {
    const type = value.length > 0 ? typeOf(value[0]) : 12;
    return [0xf0 | type, ...varint(BigInt(value.length)), ...value.flatMap(writeValue)];
  }
  if (value instanceof Map) return writeStruct(value);
  return [Number(value)];
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  for (; value > 0x7fn; value >>= 7n) bytes.push(Number(value & 0x7fn) | 0x80);
  return [...bytes, Number(value)];
}
