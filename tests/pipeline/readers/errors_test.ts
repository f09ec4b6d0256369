import { gzipSync } from "node:zlib";
import { readInteractions, type ReadOptions } from "../../../pipeline/readers/mod.ts";
import { assertInputError, assertUnreadable, type Contents, gzip, latin1, withFiles } from "./files.ts";

const HEAD = "user,item,timestamp\n";
const MANY = HEAD + Array.from({ length: 3000 }, (_, i) => `u${i},i${i * 7919 % 997},${i * 31}\n`).join("");

interface Case {
  what: string;
  name?: string;
  contents: Contents;
  options?: Omit<ReadOptions, "files">;
  says: string[];
}

const damaged = gzip(MANY).map((byte, i) => i > 2000 && i < 2100 ? byte ^ 0x55 : byte);
const wrongChecksum = gzip(MANY).map((byte, i, all) => i === all.length - 6 ? byte ^ 1 : byte);
/** A gzip file that says it holds nine hundred times its size. */
const bomb = new Uint8Array(gzipSync(new Uint8Array(1 << 19), { level: 0 }));
new DataView(bomb.buffer).setUint32(bomb.length - 4, bomb.length * 900, true);
const big = HEAD + "a,b,1\n".repeat(40_000);

const CASES: Case[] = [
  { what: "empty file", contents: "", says: ["Cannot read a.csv: the file is empty"] },
  { what: "gzip of nothing", name: "a.csv.gz", contents: gzip(""), says: ["a.csv.gz: the file is empty"] },
  { what: "blank lines only", contents: "\n  \n\n", says: ["a.csv: it holds blank lines only"] },
  { what: "header only", contents: HEAD, says: ["a.csv: it has a header but no rows"] },
  { what: "header and blank lines", contents: HEAD + "\n,,\n", says: ["a header but no rows"] },
  {
    what: "zip archive",
    contents: new Uint8Array([0x50, 0x4b, 3, 4, 9, 9]),
    says: ["looks like a zip archive"],
  },
  {
    what: "PNG image",
    contents: new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1]),
    says: ["looks like a PNG image"],
  },
  {
    what: "UTF-16",
    contents: new Uint8Array([0xff, 0xfe, 0x61, 0, 0x2c, 0]),
    says: ["UTF-16", "save it as UTF-8"],
  },
  { what: "other binary file", contents: new Uint8Array([7, 0, 1, 2]), says: ["it is a binary file"] },
  {
    what: "gzip of a PNG",
    contents: gzip(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1])),
    says: ["a PNG image"],
  },
  {
    what: "truncated gzip",
    name: "a.csv.gz",
    contents: gzip(MANY).subarray(0, 9000),
    says: ["a.csv.gz: the gzip file is cut short"],
  },
  { what: "damaged gzip", name: "a.csv.gz", contents: damaged, says: ["a.csv.gz: the gzip file is damaged"] },
  {
    what: "gzip with a wrong checksum",
    name: "a.csv.gz",
    contents: wrongChecksum,
    says: ["gzip file is damaged"],
  },
  {
    what: "gzip that becomes thousands of times larger",
    name: "a.csv.gz",
    contents: bomb,
    says: [
      `by its end it holds ${
        900 * bomb.length
      } bytes in ${bomb.length}, more than data become by compression`,
    ],
  },
  {
    what: "wrong delimiter",
    contents: HEAD + "a,b,1\n",
    options: { delimiter: ";" },
    says: ['only one column with delimiter ";" ("user,item,timestamp")', '"," looks right: --delimiter ","'],
  },
  {
    what: "tabs, said to be commas",
    contents: "user\titem\ttimestamp\na\tb\t1\n",
    options: { delimiter: "," },
    says: ['"\\t" looks right'],
  },
  { what: "one column", contents: "user\na\nb\n", says: ["only one column", "--delimiter"] },
  {
    what: "missing column",
    contents: "user,itm,time\na,b,1\n",
    says: ['no item column (is it "itm"?) among "user", "itm", "time"', "--columns user=user,item=…"],
  },
  {
    what: "missing timestamp",
    contents: "user,item\na,1\n",
    says: [
      "no timestamp column",
      "--columns user=user,item=item,timestamp=…",
      "without it the rows count as ordered by time",
    ],
  },
  {
    what: "missing column, named",
    contents: "reviewerID,asin,time\na,b,1\n",
    options: { columns: ["user=reviewrID", "item=asin"] },
    says: ['no column "reviewrID" (did you mean "reviewerID"?)', '"reviewerID", "asin", "time"'],
  },
  {
    what: "duplicate header",
    contents: "user,item,item,time\na,b,c,1\n",
    says: ['column "item" occurs twice'],
  },
  {
    what: "no header and three columns",
    contents: "1,2,3\n4,5,6\n",
    says: ['no header, and 3 columns ("1,2,3")', "--columns user,item,timestamp"],
  },
  {
    what: "more columns named than there are",
    contents: "1,2\n4,5\n",
    options: { columns: ["user", "item", "timestamp"] },
    says: ["names 3 columns, but it has 2"],
  },
  {
    what: "names without a header",
    contents: "1,2,3\n",
    options: { columns: ["user=a", "item=b"], header: false },
    says: ["given by name, but it is said to have no header"],
  },
  {
    what: "unclosed quote",
    contents: `${HEAD}a,b,1\nc,"d,2\ne,f,3\n`,
    says: ["line 3: a quoted field begins here that is not closed"],
  },
  {
    what: "unclosed quote in the last line",
    contents: `${HEAD}a,b,1\nc,"d,2`,
    says: ["line 3: a quoted field begins here"],
  },
  {
    what: "unclosed quote at the end",
    contents: `${HEAD}a,b,1\nc,d,"2`,
    says: ["line 3: a quoted field begins here"],
  },
  {
    what: "unclosed quote in the header",
    contents: '"user,item,timestamp\na,b,1\n',
    says: ["line 1: a quoted field"],
  },
  {
    what: "unclosed quote, Latin-1",
    contents: latin1(`${HEAD}é,b,1\nc,"d,2\n`),
    options: { encoding: "latin1" },
    says: ["line 3: a quoted field begins here"],
  },
  {
    what: "unclosed quote far in",
    contents: `${big}c,"d,2\n${"e,f,3\n".repeat(40_000)}`,
    says: ["line 40002: a quoted"],
  },
  {
    what: "a quote inside a field",
    contents: `${HEAD}"x\ny",b,1\n5" disk,b,1\nc,d,2\n`,
    says: ["line 4: a quote is inside a field"],
  },
  {
    what: "not UTF-8",
    contents: latin1(`${HEAD}a,b,1\nc,d,2\né,f,3\n`),
    says: ["line 4 is not UTF-8", "--encoding latin1"],
  },
  {
    what: "not UTF-8, far in",
    contents: new Uint8Array([...new TextEncoder().encode(big), 0xe9, 44, 98, 44, 49, 10]),
    says: ["line 40002 is not UTF-8"],
  },
  {
    what: "two roles on one column",
    contents: HEAD,
    options: { columns: ["user=id", "item=id"] },
    says: ['column "id" cannot be both user and item'],
  },
  {
    what: "unknown role",
    contents: HEAD,
    options: { columns: ["usr", "item"] },
    says: ['unknown role "usr" (did you mean "user"?)'],
  },
  {
    what: "a role twice",
    contents: HEAD,
    options: { columns: ["user", "item", "item"] },
    says: ['role "item" is given twice'],
  },
  {
    what: "no item",
    contents: HEAD,
    options: { columns: ["user", "timestamp"] },
    says: ["which column is the item"],
  },
  {
    what: "names and positions",
    contents: HEAD,
    options: { columns: ["user=a", "item"] },
    says: ["name all columns"],
  },
  {
    what: "unknown format",
    contents: HEAD,
    options: { format: "cvs" as "csv" },
    says: ['--format cvs: unknown format (did you mean "csv"?)'],
  },
  {
    what: "unknown encoding",
    contents: HEAD,
    options: { encoding: "utf8" as "utf-8" },
    says: ["utf-8 and latin1"],
  },
  { what: "no delimiter", contents: HEAD, options: { delimiter: "" }, says: ['--delimiter ""'] },
  {
    what: "broken JSON",
    name: "a.jsonl",
    contents: '{"user":1,"item":2,"ts":3}\n\n{"user":\n',
    says: ["line 3 is not a JSON object"],
  },
  {
    what: "JSON of another kind",
    name: "a.jsonl",
    contents: '{"user":1,"item":2,"ts":3}\n5\n',
    says: ["line 2 is not a JSON object (5)"],
  },
  {
    what: "Python for JSON",
    name: "a.json",
    contents: "{'user': 1}\n",
    says: ["line 1", "looks like Python"],
  },
  { what: "a JSON array", name: "a.json", contents: '[{"user":1}]', says: ["one JSON array", "jq"] },
  {
    what: "JSON without items",
    name: "a.jsonl",
    contents: '{"user":1,"ts":3}\n',
    says: ['no item column among "user", "ts"'],
  },
  {
    what: "JSON by position",
    name: "a.jsonl",
    contents: "{}\n",
    options: { columns: ["user", "item"] },
    says: ["name them"],
  },
  {
    what: "JSON in Latin-1",
    name: "a.jsonl",
    contents: "{}\n",
    options: { encoding: "latin1" },
    says: ["always UTF-8"],
  },
  {
    what: "text for Parquet",
    contents: HEAD,
    options: { format: "parquet" },
    says: ["neither a Parquet nor an Arrow file"],
  },
  {
    what: "damaged Parquet",
    name: "a.parquet",
    contents: "PAR1 and nothing behind it",
    says: ["a.parquet: it is no whole Parquet file: its end is missing"],
  },
  {
    what: "damaged Arrow",
    name: "a.arrow",
    contents: "ARROW1 and nothing behind it",
    says: ["a.arrow: it is no whole Arrow file: its end is missing"],
  },
  {
    what: "a line without end after the header",
    contents: HEAD + "a".repeat((1 << 24) + (1 << 19)),
    says: ["line 2 is longer than 16777216 characters"],
  },
  {
    what: "a row of empty fields without end",
    name: "a.csv.gz",
    contents: gzip(HEAD + "a,b,1\n" + ",".repeat(1 << 25)),
    says: ["a.csv.gz: line 3 is longer than 16777216 characters"],
  },
  {
    what: "an object without end",
    name: "a.jsonl.gz",
    contents: gzip('{"user":1,"item":2,"ts":3}\n{"user":"' + "a".repeat((1 << 26) + (1 << 20))),
    says: ["line 2 is longer than 67108864 characters"],
  },
  {
    what: "a sequence without end",
    name: "a.txt.gz",
    contents: gzip("u a b\nv a b c\nw " + "a ".repeat((1 << 25) + (1 << 19))),
    says: ["line 3 is longer than 67108864 characters"],
  },
  {
    what: "a file that lost its line ends",
    contents: Array.from({ length: 6000 }, (_, i) => `${i % 9}::${i % 7}::1`).join(""),
    says: ["its first row has 12001 fields, and a table at most 10000", "check --delimiter and line ends"],
  },
  {
    what: "a header of very many columns",
    contents: Array.from({ length: 9000 }, (_, i) => `c${i}`).join() + "\n1,2\n",
    options: { header: true, columns: ["user=x", "item=c1"] },
    says: ['no column "x"', '"c29" … (9000 in all)'],
  },
  {
    what: "timestamps beside a table",
    contents: HEAD + "a,b,1\n",
    options: { sequenceTimestamps: "t.txt" },
    says: ["goes with sequences only"],
  },
];

for (const { what, name = "a.csv", contents, options, says } of CASES) {
  Deno.test(`unreadable: ${what}`, () => assertUnreadable(name, contents, says, options));
}

Deno.test("unreadable: a file that is not there, with the name that may be meant", () =>
  withFiles({ "ratings.csv": HEAD }, async (dir) => {
    const read = (path: string) => () => readInteractions({ files: [path] });
    await assertInputError(read(`${dir}ratngs.csv`), [
      'ratngs.csv: no such file (did you mean "ratings.csv"?)',
    ], dir);
    await assertInputError(read(`${dir}nowhere/a.csv`), ["no such folder"]);
    await assertInputError(read(`${dir}*.tsv`), ["*.tsv: no file matches"], dir);
    await assertInputError(read(dir.slice(0, -1)), ["it is a folder; name the files in it"]);
    await assertInputError(read("/dev/null"), ["it is no regular file"]);
    await assertInputError(() => readInteractions({ files: [] }), ["no file was named"]);
    await assertInputError(() => readInteractions({ files: [`${dir}ratings.csv`, `${dir}*.csv`] }), [
      "twice",
    ]);
  }));

Deno.test("unreadable: files that do not say the same", () =>
  withFiles(
    { "a.csv": HEAD + "a,b,1\n", "b.csv": "user,item,rating,timestamp\na,b,5,1\n" },
    (dir) =>
      assertInputError(() => readInteractions({ files: [`${dir}*.csv`] }), [
        "Cannot read b.csv and a.csv together: only the first has a rating column",
      ], dir),
  ));
