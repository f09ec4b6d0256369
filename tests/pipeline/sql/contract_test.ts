/** Two definitions of the stages, Polars' and SQL's, are one because these tests hold them to the same values: by DuckDB, and on a real Spark. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type EngineInput, prepare } from "../../../mod.ts";
import { withFolder } from "../../folders.ts";
import { edges } from "./cases/edges.ts";
import { stages } from "./cases/stages.ts";
import { columns, texts } from "./cases/times.ts";
import type { Engine } from "./same.ts";
import { onSpark } from "./spark/engine.ts";
import { hasSpark } from "./spark/server.ts";

const ON_DISK = { engine: "duckdb", memory: "512MiB" } as const;
/** Some of the datasets are larger. Polars makes them in one file. */
const IN_PARTS = { partRows: 1000 };
const CASES = [
  ["makes the dataset that Polars makes, in parts or not", stages, IN_PARTS],
  ["takes what Polars takes", edges, {}],
  ["reads times as Polars does", texts, {}],
  ["reads columns of times as Polars does", columns, {}],
] as const;

for (const [name, cases, place] of CASES) {
  Deno.test(`DuckDB ${name}`, (t) =>
    withFolder((dir) => cases(t, dir, { place: { ...ON_DISK, ...place }, work: dir })));
}

Deno.test({
  name: "Spark makes the dataset that Polars makes, in parts or not, and takes what Polars takes",
  ignore: !hasSpark,
  // One server: what it has compiled for the first of them serves the others.
  fn: (t) =>
    onSpark(async (dir, { place, work }) => {
      for (const [name, cases, more] of CASES) {
        const engine: Engine = { place: { ...place, ...more }, work };
        await t.step(name, (t) => cases(t, dir, engine));
      }
    }),
});

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
