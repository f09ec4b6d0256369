import { gzipSync } from "node:zlib";
import { gzip } from "../files.ts";
import { HEAD, unreadable } from "./cases.ts";

const MANY = HEAD + Array.from({ length: 3000 }, (_, i) => `u${i},i${i * 7919 % 997},${i * 31}\n`).join("");
const damaged = gzip(MANY).map((byte, i) => i > 2000 && i < 2100 ? byte ^ 0x55 : byte);
const wrongChecksum = gzip(MANY).map((byte, i, all) => i === all.length - 6 ? byte ^ 1 : byte);
/** A gzip file that claims to hold nine hundred times its size. */
const bomb = new Uint8Array(gzipSync(new Uint8Array(1 << 19), { level: 0 }));
new DataView(bomb.buffer).setUint32(bomb.length - 4, bomb.length * 900, true);

unreadable([
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
    what: "UTF-32, whose byte-order mark begins as that of UTF-16",
    contents: new Uint8Array([0xff, 0xfe, 0, 0, 0x75, 0, 0, 0]),
    says: ["it looks like UTF-32 text; save it as UTF-8"],
  },
  {
    what: "tar archive",
    contents: "a.csv".padEnd(257, "\0") + "ustar\x0000",
    says: ["a tar archive; unpack it with tar -xf"],
  },
  {
    what: "pickle",
    name: "a.pkl",
    contents: new Uint8Array([0x80, 4, 0x95, 0, 1]),
    says: ["a Python pickle; write the table as Parquet, as to_parquet does"],
  },
  { what: "R's data", contents: gzip("RDX3\nX\n\0\0"), says: ["R's own data; write the table as CSV"] },
  {
    what: "old Excel",
    contents: new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1]),
    says: ["an old Excel file; save the sheet as CSV"],
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
]);
