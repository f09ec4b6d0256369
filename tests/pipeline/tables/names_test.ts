import assert from "node:assert/strict";
import { sourceName, tableAmong, withoutFiles, withSourceNames } from "../../../pipeline/tables/names.ts";

const FOLDER = "/tmp/automlp-tables-5216d32907147e54", FILE = `${FOLDER}/e04b1aefec5b795e/data.parquet`;
const OTHER = "/var/tmp/automlp-tables-0000000000000000/e04b1aefec5b795e/items.parquet";

Deno.test("a table in memory has one name, whichever process wrote it to a file; files have theirs", () => {
  const named = { data: ["data (table in memory)"], items: "items (table in memory)", seed: 1 };
  assert.deepEqual(withSourceNames({ data: [FILE], items: OTHER, seed: 1 }), named);
  assert.deepEqual(withSourceNames(named), named, "named once, it stays");
  for (const file of ["data.parquet", "/tmp/x/y/data.parquet", "logs (table in memory)", "tables/a/b.csv"]) {
    assert.equal(sourceName(file), file);
    assert.equal(tableAmong({ data: [file] }), undefined);
  }
  assert.deepEqual(withSourceNames({ data: undefined, items: "items.csv" }), {
    data: undefined,
    items: "items.csv",
  });
  assert.equal(tableAmong({ data: ["log.csv"], items: OTHER }), "items");
  assert.equal(tableAmong({ data: named.data }), "data");
});

Deno.test("what a dataset keeps of its sources opens no doors", () => {
  assert.deepEqual(
    withSourceNames({ data: ["s3a://KEY:hush@bucket/log.csv"], items: "https://host/items.csv?sig=hush" }),
    { data: ["s3a://…@bucket/log.csv"], items: "https://host/items.csv?sig=…" },
  );
});

Deno.test("a text calls tables by their options, and their lines rows", () => {
  assert.equal(
    withoutFiles(`Cannot read ${FILE}: line 5, column "a"; ${FILE}: took b, not ${OTHER}`, FOLDER),
    `Cannot read data: row 5, column "a"; data: took b, not ${OTHER}`,
  );
});
