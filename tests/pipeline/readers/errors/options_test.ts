import { HEAD, unreadable } from "./cases.ts";

unreadable([
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
    says: ["the encodings are utf-8, latin1, latin2"],
  },
  { what: "no delimiter", contents: HEAD, options: { delimiter: "" }, says: ['--delimiter ""'] },
  {
    what: "timestamps beside a table",
    contents: HEAD + "a,b,1\n",
    options: { sequenceTimestamps: "t.txt" },
    says: ["goes with sequences only"],
  },
]);
