/**
 * The stages are defined twice, in Polars and in SQL; these tests keep the two the same by comparing their values. `spark_test.ts` does so
 * on a real Spark.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type EngineInput, prepare } from "../../../mod.ts";
import { withFolder } from "../../folders.ts";
import { CASES } from "./cases.ts";
import { tryCase } from "./same.ts";

const ON_DISK = { engine: "duckdb", memory: "512MiB" } as const;
/** Small parts: some of the datasets are larger. Polars writes them into one file. */
const IN_PARTS = { partRows: 1000 };

Deno.test("DuckDB makes the dataset that Polars makes, in parts or not, and takes and refuses what Polars does", (t) =>
  withFolder(async (dir) => {
    for (const one of CASES) {
      const place = { ...ON_DISK, ...IN_PARTS };
      await t.step(one.name, () => tryCase(dir, { place, work: dir }, one));
    }
  }));

Deno.test("what one engine of this machine has made is up to date for the other", () =>
  withFolder(async (dir) => {
    const data = join(dir, "log.csv"), out = join(dir, "out");
    const rows = Array.from({ length: 900 }, (_, i) => `u${i % 43},i${i * i % 57},${i % 5},${i % 40}\n`);
    Deno.writeTextFileSync(data, "user,item,rating,timestamp\n" + rows.join(""));
    const made = async (place: EngineInput) =>
      (await prepare({ data, out, minUser: 4, evalNegatives: 2, ...place })).status;
    assert.deepEqual([await made(ON_DISK), await made({}), await made(ON_DISK)], [
      ...["prepared", "unchanged", "unchanged"],
    ]);
  }));
