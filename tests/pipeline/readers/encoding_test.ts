import assert from "node:assert/strict";
import { join } from "node:path";
import pl from "nodejs-polars";
import { prepare, readSideTable } from "../../../mod.ts";
import { withFolder } from "../../folders.ts";
import { gzip, latin1, read, rows } from "./files.ts";

/** A text in UTF-16 with a byte-order mark. */
function utf16(text: string, littleEndian: boolean): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 * text.length + 2), view = new DataView(bytes.buffer);
  Array.from({ length: text.length + 1 }, (_, i) => i === 0 ? 0xfeff : text.charCodeAt(i - 1))
    .forEach((unit, i) => view.setUint16(2 * i, unit, littleEndian));
  return bytes;
}

/** 中文 in encodings of China and Japan, Привет in two of Russia, łódź in one of Poland. */
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
  ["windows-1256", "مرحبا", [0xe3, 0xd1, 0xcd, 0xc8, 0xc7]],
  ["windows-1255", "שלום", [0xf9, 0xec, 0xe5, 0xed]],
  ["windows-1257", "ąžuolas", [0xe0, 0xfe, ...latin1("uolas")]],
  ["windows-1258", "Đà", [0xd0, 0xe0]],
  ["windows-874", "ไทย", [0xe4, 0xb7, 0xc2]],
  ["iso-8859-15", "5€", [0x35, 0xa4]],
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

Deno.test("encoding: UTF-16 without a byte-order mark is found out by its zeros, as databases export it", async () => {
  const text = "用户,item,timestamp\r\nÜ1,😀,1\r\nb,中,2\r\n",
    columns = ["user=用户", "item=item", "timestamp=timestamp"];
  for (const littleEndian of [true, false]) {
    const csv = utf16(text, littleEndian).subarray(2);
    assert.deepEqual(await rows("a.csv", csv, { columns }), [["Ü1", "😀", 1], ["b", "中", 2]]);
  }
  // Two-byte numbers are not text.
  const numbers = new Uint8Array(Uint16Array.from({ length: 500 }, (_, i) => i).buffer);
  await assert.rejects(read("a.csv", numbers), /a binary file of an unknown kind/);
});

Deno.test("encoding: a file with the byte-order mark of UTF-8 is that, whatever the user says of all files", async () => {
  const csv = new TextEncoder().encode("\ufeffuser,item,timestamp\nÜ1,中,1\n");
  assert.deepEqual(await rows("a.csv", csv, { encoding: "gbk" }), [["Ü1", "中", 1]]);
});

Deno.test("encoding: where a header is not UTF-8, names that are not found say so, and what it may be", () =>
  withFolder(async (dir) => {
    const [encoding, word, coded] = WORDS[0];
    const csv = bytes(coded, ",item,timestamp\n", coded, ",a,1\nb,c,2\n");
    const columns = [`user=${word}`, "item=item", "timestamp=timestamp"];
    const said = /line 1 is not UTF-8; pass encoding: .*gbk, which reads it as "中文,item,timestamp"/;
    await assert.rejects(read("a.csv", csv, { columns }), said);
    await assert.rejects(read("a.csv", csv), said);
    const file = join(dir, "items.csv");
    Deno.writeFileSync(file, bytes(coded, ",title\n", coded, ",", coded, "\n"));
    await assert.rejects(
      readSideTable({ file, columns: [`id=${word}`] }),
      /line 1 is not UTF-8; pass encoding: .*gbk/,
    );
    assert.deepEqual(await rows("a.csv", csv, { columns, encoding }), [[word, "a", 1], ["b", "c", 2]]);
    await assert.rejects(
      read("a.csv", csv, { columns, encoding: "euc-jp" }),
      /no column "中文"/, // it is another word in the Japanese encoding
    );
    await assert.rejects(
      read("a.csv", bytes(coded, [0xff], ",item,timestamp\na,b,1\n"), { columns, encoding }),
      /as gbk: line 1 has bytes that are none of its characters/,
    );
    // If the header is UTF-8, the error is another one.
    await assert.rejects(read("a.csv", bytes("nobody,item,timestamp\n", coded, ",b,1\n")), /no user column/);
  }));

Deno.test("encoding: what is UTF-8 and is said to be something else is told so", async () => {
  const csv = new TextEncoder().encode("user,item,timestamp\n苹果香蕉,b,1\nc,d,2\n");
  const { report } = await read("a.csv", csv, { encoding: "latin1" });
  assert.match(
    report.warnings.join(),
    /a\.csv: it looks like UTF-8, and is read as latin1; if it is UTF-8, leave encoding out/,
  );
  // With two letters, that can be chance.
  const [encoding, , coded] = WORDS[0];
  const chance = await read("a.csv", bytes("user,item,timestamp\n", coded, ",b,1\n"), { encoding });
  assert.deepEqual(chance.report.warnings, []);
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

Deno.test("encoding: names of columns are found however their accents are written", async () => {
  const csv = "usua\u0301rio,item,timestamp\na,b,1\n", columns = ["user=usu\u00e1rio", "item=item"];
  const { frame, columnName } = await read("a.csv", csv, { columns });
  assert.deepEqual(frame.select("user", "item").rows(), [["a", "b"]]);
  assert.equal(columnName("user"), "usua\u0301rio");
});

Deno.test("encoding: control characters in ids are kept, in formats that are read line by line, too", async () => {
  const ids = ["a\x01b\x01c", "d\x1fe", '"f', "g\x7f"];
  const dat = ids.map((id, i) => `u::${id}::5::${i}\n`).join("");
  assert.deepEqual((await rows("ratings.dat", dat)).map(([, item]) => item), ids);
  assert.deepEqual((await rows("r.dat", dat, { columns: ["user", "item"] })).map(([, item]) => item), ids);
  const sequences = await rows("s.txt", `u ${ids.join(" ")}\nv x\n`, { format: "sequences" });
  assert.deepEqual(sequences.map(([, item]) => item), [...ids, "x"]);
  const csv = `user,item,timestamp\n${ids.map((id, i) => `u,${id},${i}\n`).join("")}`;
  assert.deepEqual((await rows("a.csv", csv, { quotes: false })).map(([, item]) => item), ids);
});
