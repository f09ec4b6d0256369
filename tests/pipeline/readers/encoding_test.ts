import assert from "node:assert/strict";
import { join } from "node:path";
import pl from "nodejs-polars";
import { prepare, readSideTable } from "../../../mod.ts";
import { withFolder } from "../../folders.ts";
import { gzip, latin1, read, rows } from "./files.ts";

/** With a byte-order mark. */
function utf16(text: string, littleEndian: boolean): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 * text.length + 2), view = new DataView(bytes.buffer);
  Array.from({ length: text.length + 1 }, (_, i) => i === 0 ? 0xfeff : text.charCodeAt(i - 1))
    .forEach((unit, i) => view.setUint16(2 * i, unit, littleEndian));
  return bytes;
}

/** 中文 in the encodings of China and Japan, Привет in two of Russia, łódź in one of Poland. */
const WORDS = [
  ["gbk", "中文", [0xd6, 0xd0, 0xce, 0xc4]],
  ["gb18030", "中文", [0xd6, 0xd0, 0xce, 0xc4]],
  ["big5", "中文", [0xa4, 0xa4, 0xa4, 0xe5]],
  ["shift_jis", "中文", [0x92, 0x86, 0x95, 0xb6]],
  ["euc-jp", "中文", [0xc3, 0xe6, 0xca, 0xb8]],
  ["windows-1251", "Привет", [0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]],
  ["koi8-r", "Привет", [0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4]],
  ["latin2", "łódź", [0xb3, 0xf3, 0x64, 0xbc]],
  ["windows-1250", "łódź", [0xb3, 0xf3, 0x64, 0x9f]],
] as const;

const bytes = (...parts: (string | readonly number[])[]) =>
  new Uint8Array(parts.flatMap((part) => typeof part === "string" ? [...latin1(part)] : part));

Deno.test("encoding: Latin-1 as the user says; MovieLens's formats find out", async () => {
  const csv = latin1("user,item,timestamp\njosé,é\xa0,1\n\nx,y,2,3\n");
  const { frame } = await read("a.csv", csv, { encoding: "latin1" });
  assert.deepEqual(frame.rows(), [["josé", "é\xa0", 1, false], ["x", "y", 2, true]]);
  assert.deepEqual(await rows("a.csv.gz", gzip(csv), { encoding: "latin1" }), frame.rows());
  const dat = await read("ratings.dat", latin1("josé::é::5::1\n"));
  assert.deepEqual(dat.frame.rows(), [["josé", "é", 5, 1]]);
  assert.match(dat.report.warnings[0], /not UTF-8; read as Latin-1/);
});

for (const [encoding, word, coded] of WORDS) {
  Deno.test(`encoding: ${encoding}, names of columns too`, async () => {
    const csv = bytes(coded, ",item,timestamp\n", coded, ",", coded, ",1\nx,y,2\n");
    const columns = [`user=${word}`, "item=item", "timestamp=timestamp"];
    assert.deepEqual(await rows("a.csv", csv, { encoding, columns }), [[word, word, 1], ["x", "y", 2]]);
  });
}

Deno.test("encoding: UTF-16 is found out by its byte-order mark, whatever the user says", async () => {
  const text = "user;item;timestamp\r\nÜ1;😀;1\r\nb;中;2\r\n";
  for (const littleEndian of [true, false]) {
    const csv = utf16(text, littleEndian);
    for (const options of [{}, { encoding: "latin1" }] as const) {
      assert.deepEqual(await rows("a.csv", csv, options), [["Ü1", "😀", 1], ["b", "中", 2]]);
    }
    assert.deepEqual(await rows("a.txt.gz", gzip(csv)), [["Ü1", "😀", 1], ["b", "中", 2]]);
  }
  const { locate } = await read("a.csv", utf16("user,item,timestamp\na,é,1\n", true));
  await assert.rejects(locate([0]), "the file is gone");
});

Deno.test("encoding: a table of items in JSON may be UTF-16, too; interactions in JSON are UTF-8", () =>
  withFolder(async (dir) => {
    const file = join(dir, "items.json");
    Deno.writeFileSync(file, utf16('{"id":"a","title":"Ü"}\n{"id":"b","title":"中"}\n', true));
    assert.deepEqual((await readSideTable({ file })).frame.select("id", "title").rows(), [["a", "Ü"], [
      "b",
      "中",
    ]]);
    const log = utf16('{"user":"a","item":"b","timestamp":1}\n', true);
    await assert.rejects(
      read("log.jsonl", log),
      /^InputError: Cannot read .* as utf-16le: JSON is always UTF-8$/,
    );
  }));

Deno.test("encoding: bytes that are no characters of it are refused, with the line", async () => {
  const csv = bytes("user,item,timestamp\na,b,1\nc,", [0xff, 0x20], ",2\n");
  await assert.rejects(
    read("a.csv", csv, { encoding: "gbk" }),
    /^InputError: Cannot read .*a\.csv as gbk: line 3 has bytes that are none of its characters; pass another encoding$/,
  );
  await assert.rejects(
    read("a.csv", utf16("user,item,timestamp\na,b,1\n", true).subarray(0, -1)),
    /as utf-16le: .* none of its characters/,
  );
});

Deno.test("encoding: it is that of the tables of items and users too, and DuckDB reads the same", () =>
  withFolder(async (dir) => {
    const [encoding, word, coded] = WORDS[0];
    const lines = Array.from({ length: 90 }, (_, i) => [`u${i % 6},`, coded, `${i % 9},${i}\n`]);
    Deno.writeFileSync(join(dir, "log.csv"), bytes("user,item,timestamp\n", ...lines.flat()));
    const titles = Array.from({ length: 9 }, (_, i) => [coded, `${i},`, coded, `\n`]);
    Deno.writeFileSync(join(dir, "items.csv"), bytes("item,title\n", ...titles.flat()));
    const options = { data: join(dir, "log.csv"), items: join(dir, "items.csv"), encoding, evalNegatives: 0 };
    const here = await prepare({ ...options, out: join(dir, "here") });
    const there = await prepare({ ...options, out: join(dir, "there"), engine: "duckdb", memory: "512MiB" });
    assert.deepEqual(here.dataset.table("items").select("id", "title").rows()[0], [`${word}0`, word]);
    assert.equal(there.dataset.manifest.hash, here.dataset.manifest.hash);
    const { frame } = await readSideTable({ file: join(dir, "items.csv"), encoding });
    assert(frame.getColumn("title").eq(pl.Series("title", Array(9).fill(word))).all());
  }));
