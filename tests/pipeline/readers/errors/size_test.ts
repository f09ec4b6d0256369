import { gzip } from "../files.ts";
import { HEAD, unreadable } from "./cases.ts";

unreadable([
  {
    what: "a line without end after the header",
    contents: HEAD + "a".repeat((1 << 24) + (1 << 19)),
    says: ["line 2 is longer than 16777216"],
  },
  {
    what: "a row of empty fields without end",
    name: "a.csv.gz",
    contents: gzip(HEAD + "a,b,1\n" + ",".repeat(1 << 25)),
    says: ["a.csv.gz: line 3 is longer than 16777216"],
  },
  ...['"', ""].map((quote) => ({
    what: `a line without end behind many, which Polars would inflate${quote && ", after quotes"}`,
    name: "a.csv.gz",
    contents: gzip(HEAD + `a,${quote}b${quote},1\n`.repeat(20_000) + "a".repeat((1 << 26) + (1 << 20))),
    says: ["a.csv.gz: line 20002 is longer than 16777216 characters"],
  })),
  {
    what: "an object without end behind many",
    name: "a.jsonl.gz",
    contents: gzip(
      '{"user":1,"item":2,"ts":3}\n'.repeat(20_000) + '{"user":"' + "a".repeat((1 << 26) + (1 << 20)),
    ),
    says: ["line 20001 is longer than 67108864 characters"],
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
]);
