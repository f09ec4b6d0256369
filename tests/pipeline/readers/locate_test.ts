import assert from "node:assert/strict";
import { readInteractions, type ReadOptions } from "../../../pipeline/readers/mod.ts";
import { type Contents, gzip, latin1, withFiles } from "./files.ts";

/** Locates rows of one file; `file` is left out. */
async function locate(
  name: string,
  contents: Contents,
  rows: number[],
  options: Omit<ReadOptions, "files"> = {},
) {
  let found: unknown[] = [];
  await withFiles({ [name]: contents }, async (dir) => {
    const places = await (await readInteractions({ files: [dir + name], ...options })).locate(rows);
    assert(places.every(({ file }) => file === dir + name));
    found = places.map(({ line, fields, text }) => ({ line, fields, text }));
  });
  return found;
}

Deno.test("locate: lines count the header, blank lines and those inside quotes", async () => {
  const text = 'user,item,timestamp\r\na,b,1\r\n\r\n"c\r\n""x""",d,2\r\n,,\r\ne,f,x,9\r\ng,h\r\n';
  assert.deepEqual(await locate("a.csv.gz", gzip(text), [0, 1, 2, 3]), [
    { line: 2, fields: { user: "a", item: "b", timestamp: "1" }, text: "a,b,1" },
    { line: 4, fields: { user: 'c\r\n"x"', item: "d", timestamp: "2" }, text: '"c\r\n""x""",d,2' },
    { line: 7, fields: { user: "e", item: "f", timestamp: "x" }, text: "e,f,x,9" },
    { line: 8, fields: { user: "g", item: "h" }, text: "g,h" },
  ]);
  assert.deepEqual(await locate("a.csv", text, []), []);
});

Deno.test("locate: columns by position, long delimiters, Latin-1", async () => {
  assert.deepEqual(await locate("r.dat", latin1("1::é::5::9\n\n2::b:c::4::8\n"), [1]), [
    { line: 3, fields: { user: "2", item: "b:c", rating: "4", timestamp: "8" }, text: "2::b:c::4::8" },
  ]);
  assert.deepEqual(
    await locate("a.csv", latin1("1;é;9\n2;ü;8\n"), [0, 1], {
      encoding: "latin1",
      columns: ["timestamp", "user", "item"],
    }),
    [
      { line: 1, fields: { timestamp: "1", user: "é", item: "9" }, text: "1;é;9" },
      { line: 2, fields: { timestamp: "2", user: "ü", item: "8" }, text: "2;ü;8" },
    ],
  );
});

Deno.test("locate: JSON lines, sequences, and rows of Parquet", async () => {
  const json =
    '{"user_id":1,"asin":"x","timestamp":null}\n\n{"user_id":"b","asin":2.5,"timestamp":7,"other":[1]}\n';
  assert.deepEqual(await locate("a.jsonl", json, [0, 1]), [
    { line: 1, fields: { user: "1", item: "x" }, text: '{"user_id":1,"asin":"x","timestamp":null}' },
    {
      line: 3,
      fields: { user: "b", item: "2.5", timestamp: "7" },
      text: '{"user_id":"b","asin":2.5,"timestamp":7,"other":[1]}',
    },
  ]);
  assert.deepEqual(await locate("s.txt", "u  x   y\n", [1], { format: "sequences" }), [
    { line: 1, fields: { user: "u", item: "y" }, text: "u  x   y" },
  ]);
  assert.deepEqual(await locate("s.txt", "u x y z\n\nv y\nw z x\n", [1, 2, 3, 5], { format: "sequences" }), [
    { line: 1, fields: { user: "u", item: "y" }, text: "u x y z" },
    { line: 1, fields: { user: "u", item: "z" }, text: "u x y z" },
    { line: 3, fields: { user: "v", item: "y" }, text: "v y" },
    { line: 4, fields: { user: "w", item: "x" }, text: "w z x" },
  ]);
});

Deno.test("locate: far into a large file", async () => {
  const rows = Array.from({ length: 50_000 }, (_, i) => `"u\n${i}",i${i},${i}`);
  const [place] = await locate("a.csv", "user,item,timestamp\n" + rows.join("\n"), [49_999]) as {
    line: number;
  }[];
  assert.equal(place.line, 2 + 2 * 49_999);
});

Deno.test("locate: as many rows as there are bad ones in a large file", async () => {
  const n = 200_000;
  const found = await locate(
    "a.csv",
    "user,item,timestamp\n" + "a,,1\n".repeat(n),
    Array.from({ length: n }, (_, i) => i),
  );
  assert.equal(found.length, n);
  assert.deepEqual(found.at(-1), { line: n + 1, fields: { user: "a", timestamp: "1" }, text: "a,,1" });
});
