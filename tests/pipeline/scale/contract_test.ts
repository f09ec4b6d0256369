import assert from "node:assert/strict";
import { join } from "node:path";
import { type EngineInput, prepare, resolvePrepareConfig } from "../../../mod.ts";
import { runPreparation } from "../../../pipeline/run.ts";
import { checkEngine, engineSchema } from "../../../pipeline/scale/options.ts";
import { withFolder } from "../../folders.ts";
import { edges } from "./cases/edges.ts";
import { reading } from "./cases/reading.ts";
import { stages } from "./cases/stages.ts";
import { columns, texts } from "./cases/times.ts";
import type { Engine } from "./same.ts";
import { onSpark } from "./spark/engine.ts";
import { hasSpark } from "./spark/server.ts";
import { step } from "./step.ts";

/**
 * The stages are defined twice, in Polars and in SQL; these tests keep the two the same by comparing their values: with DuckDB, and on a
 * real Spark.
 */

const ON_DISK = { engine: "duckdb", memory: "512MiB" } as const;
/** Small parts: some of the datasets are larger. Polars writes them into one file. */
const IN_PARTS = { partRows: 1000 };
type Case = readonly [
  name: string,
  run: (t: Deno.TestContext, dir: string, engine: Engine) => Promise<void>,
  place: EngineInput,
];
const CASES: readonly [Case, ...Case[]] = [
  ["makes the dataset that Polars makes, in parts or not", stages, IN_PARTS],
  ["reads rows and refuses them as Polars does", reading, IN_PARTS],
  ["takes what Polars takes", edges, {}],
  ["reads times as Polars does", texts, {}],
  ["reads columns of times as Polars does", columns, {}],
];

for (const [name, cases, place] of CASES) {
  Deno.test(`DuckDB ${name}`, (t) =>
    withFolder((dir) => cases(t, dir, { place: { ...ON_DISK, ...place }, work: dir })));
}

Deno.test({
  name: "Spark makes the dataset that Polars makes, in parts or not, and takes what Polars takes",
  ignore: !hasSpark,
  // One server for all: what it compiled for the first case serves the others. It plans a query with one thread, so there are two lanes.
  fn: (t) =>
    onSpark(async (dir, { place }) => {
      const lane = async (name: string, cases: readonly Case[]) => {
        const folder = join(dir, name), work = join(folder, "work");
        Deno.mkdirSync(work, { recursive: true });
        for (const [name, run, more] of cases) {
          await step(t, name, (t) => run(t, folder, { place: { ...place, ...more, work }, work }));
        }
      };
      const [whole, ...rows] = CASES;
      await Promise.all([
        lane("whole", [whole, ["what comes in pieces is no other", inPieces, {}]]),
        lane("rows", rows),
      ]);
    }),
});

/** A dataset of which neither Spark nor this process holds more than some rows at a time. */
async function inPieces(_: Deno.TestContext, dir: string, { place, work }: Engine): Promise<void> {
  const data = join(dir, "pieces.csv"), [here, there] = ["here", "there"].map((name) => join(dir, name));
  const rows = Array.from({ length: 900 }, (_, i) => `u${i % 43},i${i * 7 % 211},${i % 5},${i % 40}\n`);
  Deno.writeTextFileSync(data, "user,item,rating,timestamp\n" + rows.join(""));
  const options = { data, minUser: 4, evalNegatives: 7 }, few = { rowsAtOnce: 100 };
  const { dataset } = await prepare({ ...options, out: here });
  const pieces = await runPreparation(
    resolvePrepareConfig({ ...options, data: `file:${data}`, out: there }),
    {
      ...few,
      place: checkEngine(engineSchema.parse(place)),
    },
  );
  assert.equal(pieces.dataset.manifest.hash, dataset.manifest.hash);
  const namesIn = (folder: string) => Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
  assert.deepEqual(namesIn(there), namesIn(here));
  assert.deepEqual(namesIn(work), [], "nothing is left in the working folder");
}

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
