import assert from "node:assert/strict";
import { readInteractions } from "../../../../pipeline/readers/mod.ts";
import { assertInputError, assertUnreadable, withFiles } from "../files.ts";
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
    what: "names of columns without roles",
    contents: "用户,商品\na,b\n",
    options: { columns: ["用户", "商品"] },
    says: ['unknown role "用户"', "; by its name a column is given as ROLE=用户"],
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

Deno.test("delimiter and header are refused where no file is delimited text, for they would change nothing", async () => {
  const json = '{"user":"a","item":"b","timestamp":1}\n';
  for (
    const [options, flag] of [[{ delimiter: ";" }, "--delimiter"], [{ header: true }, "header"], [
      { header: false },
      "header",
    ]] as const
  ) {
    await assertUnreadable("a.jsonl", json, [`a.jsonl with ${flag}`, "not of jsonl; leave it out"], options);
  }
  await assertUnreadable("a.json", json, ["not of jsonl"], { format: "amazon", header: true });
  await assertUnreadable("s.txt", "u x y\n", ["not of sequences"], { format: "sequences", header: false });
  await withFiles(
    { "a.jsonl": json, "empty.csv": "", "b.csv": "user;item;timestamp\nu;i;1\n" },
    async (dir) => {
      const read = (...names: string[]) =>
        readInteractions({ files: names.map((name) => dir + name), delimiter: ";" });
      await assertInputError(() => read("empty.csv", "a.jsonl"), ["not of jsonl"]);
      assert.equal((await read("a.jsonl", "b.csv")).frame.height, 2, "one of them is");
      const parquet = `${dir}c.parquet`;
      (await read("b.csv")).frame.writeParquet(parquet);
      await assertInputError(() => read("c.parquet"), ["--delimiter", "not of parquet"]);
    },
  );
});
