import { gzip } from "../files.ts";
import { HEAD, unreadable } from "./cases.ts";

const MANY = HEAD + Array.from({ length: 3000 }, (_, i) => `u${i},i${i * 7919 % 997},${i * 31}\n`).join("");
const damaged = gzip(MANY).map((byte, i) => i > 2000 && i < 2100 ? byte ^ 0x55 : byte);
const wrongChecksum = gzip(MANY).map((byte, i, all) => i === all.length - 6 ? byte ^ 1 : byte);
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
    what: "old Excel",
    contents: new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1]),
    says: ["an old Excel file; save the sheet as CSV"],
  },
  { what: "other binary file", contents: new Uint8Array([7, 0, 1, 2]), says: ["it is a binary file"] },
  { what: "gzip of a PDF", contents: gzip("%PDF-1.7"), says: ["a PDF document"] },
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
]);
