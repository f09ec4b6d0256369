/** Small good files of every kind that is read, which are then damaged. */
import type { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { strToU8, zipSync } from "fflate";

/** The reader of a file. */
export type Reader = "interactions" | "times" | "items" | "archive" | "configuration";

export interface Seed {
  /** The file's name; readers look at its extension. */
  name: string;
  reader: Reader;
  bytes: Uint8Array;
  /** Whether it is text, so that lines and fields can be damaged. */
  text: boolean;
}

const ROWS = Array.from(
  { length: 30 },
  (_, i) => [`u${i % 5}`, `i${i % 11}`, `${i % 5}`, `${1_300_000_000 + i}`],
);
const HEADER = ["user", "item", "rating", "timestamp"];
const table = (delimiter: string, rows: string[][]) => rows.map((row) => row.join(delimiter) + "\n").join("");

const QUOTED = `user,item,rating,timestamp\n"a,b","say ""hi""",3,1.5\n"two\nlines",é🦊,4.5,-6\n` +
  table(",", ROWS);
const DATES = table(",", [
  ["user", "item", "timestamp"],
  ...ROWS.map(([user, item], i) => [user, item, `2014-03-0${1 + i % 9}T12:00:0${i % 10}Z`]),
]);
const SEQUENCES = Array.from(
  { length: 6 },
  (_, u) => `u${u} ${Array.from({ length: 2 + u }, (_, i) => `i${i}`).join(" ")}\n`,
)
  .join("");
/** One object per row, with fields of many kinds besides those that count. */
const OBJECTS = ROWS.map(([user, item, rating, timestamp], i) =>
  JSON.stringify({
    user,
    item,
    rating: Number(rating),
    timestamp: Number(timestamp),
    text: 'é "x" \u2028 \\ ' + i,
    more: { list: [1, null, ["a"]] },
  }) + "\n"
).join("");
const ITEMS = table(",", [
  ["item", "title", "genres"],
  ...ROWS.slice(0, 11).map(([, item], i) => [item, `"T, ${i}"`, "a|b"]),
]);
const ITEM_OBJECTS = JSON.stringify(
  ROWS.slice(0, 11).map(([, item], i) => ({ item, title: `T ${i}`, tags: [1, "x", [null]] })),
);
const ITEM_MAP = JSON.stringify(
  Object.fromEntries(ROWS.slice(0, 11).map(([, item], i) => [item, { title: `T ${i}` }])),
);
const YAML =
  "# how\ndata: [a.csv, 'b c.csv']\nout: made\nminUser: 5\nratios: [0.8, 0.1, 0.1]\nsplit: ratio\n" +
  "name: &n text\nfeatures:\n  - genres:multi\n  - *n\nforce: false\nexponent: -1e-1\n";

const text = (name: string, reader: Reader, content: string): Seed => ({
  name,
  reader,
  bytes: new TextEncoder().encode(content),
  text: true,
});
const binary = (name: string, reader: Reader, bytes: Uint8Array | Buffer): Seed => ({
  name,
  reader,
  bytes: new Uint8Array(bytes),
  text: false,
});

/** One file of each kind. */
export function seeds(): Seed[] {
  const plain = [
    text("a.csv", "interactions", table(",", [HEADER, ...ROWS])),
    text("quoted.csv", "interactions", QUOTED),
    text("dates.csv", "interactions", DATES),
    text("a.tsv", "interactions", table("\t", [HEADER, ...ROWS])),
    text("ratings.dat", "interactions", table("::", ROWS)),
    text("a.inter", "interactions", table("\t", [HEADER.map((name) => `${name}:token`), ...ROWS])),
    text("a.jsonl", "interactions", OBJECTS),
    text("s.txt", "interactions", SEQUENCES),
    text("t.txt", "times", SEQUENCES.replace(/ i/g, " 1")),
    text("items.csv", "items", ITEMS),
    text("items.json", "items", ITEM_OBJECTS),
    text("map.json", "items", ITEM_MAP),
    text("items.jsonl", "items", OBJECTS),
    text(
      "u.item",
      "items",
      ROWS.slice(0, 11).map((_, i) => `${i + 1}|T ${i}|d||u|${"0|".repeat(18)}1\n`).join(""),
    ),
    text("run.yaml", "configuration", YAML),
  ];
  return [
    ...plain,
    binary(
      "set.zip",
      "archive",
      zipSync({ [MEMBER]: strToU8(table("::", ROWS)), "set/README": strToU8("x") }),
    ),
    binary("a.csv.gz", "interactions", gzipSync(QUOTED)),
    binary("a.jsonl.gz", "interactions", gzipSync(OBJECTS)),
  ];
}

/** The member that the archive is opened for. */
export const MEMBER = "set/ratings.dat";
/** A file of sequences that the times belong to. */
export const COMPANION = SEQUENCES;
