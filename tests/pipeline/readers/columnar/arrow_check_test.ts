import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { checkArrow } from "../../../../pipeline/readers/columnar/arrow_check.ts";
import { bytesOfBuffer } from "../../../../pipeline/readers/bytes.ts";

const ROWS = 50;
const frame = pl.DataFrame([
  pl.Series(
    "user",
    Array.from({ length: ROWS }, (_, i) => `a user with a long name, number ${i % 7}`),
    pl.String,
  ),
  pl.Series("time", Array.from({ length: ROWS }, (_, i) => i), pl.Int64),
]);

type Kind = "file" | "stream";
const written = (kind: Kind, compression: "uncompressed" | "lz4" | "zstd"): Uint8Array =>
  new Uint8Array(kind === "file" ? frame.writeIPC({ compression }) : frame.writeIPCStream({ compression }));

const check = (bytes: Uint8Array, kind: Kind) => checkArrow("a.arrow", bytesOfBuffer(bytes), kind);

Deno.test("arrow: whole files and streams", () => {
  for (const kind of ["file", "stream"] as const) {
    for (const compression of ["uncompressed", "lz4", "zstd"] as const) {
      check(written(kind, compression), kind);
    }
  }
});

const refused = (bytes: Uint8Array, kind: Kind, state: string | RegExp) =>
  assert.throws(() => check(bytes, kind), (error: Error) => {
    assert.equal(error.name, "InputError");
    const [, found] = /^Cannot read a\.arrow: it is no whole Arrow file: (.*); copy or write it again$/.exec(
      error.message,
    )!;
    if (typeof state === "string") assert.equal(found, state);
    else assert.match(found, state);
    return true;
  });

Deno.test("arrow: files that are cut short", () => {
  const file = written("file", "uncompressed"), stream = written("stream", "uncompressed");
  refused(file.subarray(0, -1), "file", "its end is missing");
  refused(file.subarray(0, 12), "file", "it is too short");
  refused(stream.subarray(0, stream.length - 40), "stream", "a part lies outside of the file");
  const footer = file.slice();
  new DataView(footer.buffer).setInt32(footer.length - 10, 1 << 30, true);
  refused(footer, "file", "its footer is larger than the file");
});

/** All places of a value in the bytes. */
function places(bytes: Uint8Array, value: bigint): number[] {
  const view = new DataView(bytes.buffer), found: number[] = [];
  for (let at = 0; at + 8 <= bytes.length; at++) if (view.getBigInt64(at, true) === value) found.push(at);
  return found;
}

Deno.test("arrow: a compressed column that says it is larger than memory", () => {
  // The times, 8 bytes each, before they were packed.
  const good = written("stream", "zstd"),
    at = places(good, BigInt(8 * ROWS)).filter((place) => place % 8 === 0);
  const lies = at.map((place) => {
    const bytes = good.slice();
    new DataView(bytes.buffer).setBigInt64(place, 1n << 61n, true);
    return bytes;
  });
  assert(lies.length > 0);
  for (const bytes of lies) {
    refused(bytes, "stream", "a compressed column says that it has 2305843009213693952 bytes");
  }
});

Deno.test("arrow: whatever bytes are wrong, the check ends with a line or lets Polars go on", () => {
  for (const kind of ["file", "stream"] as const) {
    const good = written(kind, "zstd");
    let refusals = 0;
    for (let at = 0; at < good.length; at++) {
      for (const value of [0, 0x7f, 0xff]) {
        const bytes = good.slice();
        bytes[at] = value;
        try {
          check(bytes, kind);
        } catch (error) {
          assert.equal((error as Error).name, "InputError", `${kind}, byte ${at}: ${(error as Error).stack}`);
          refusals++;
        }
      }
    }
    assert(refusals > 100, `${refusals}`);
  }
});
