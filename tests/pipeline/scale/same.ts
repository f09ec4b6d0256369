import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import pl, { type DataFrame } from "nodejs-polars";
import {
  checkSchema,
  type EngineInput,
  prepare,
  type PrepareInput,
  readInteractions,
  resolvePrepareConfig,
  TABLES,
} from "../../../mod.ts";
import { silent } from "../../../pipeline/contract/progress.ts";
import type { StageReport } from "../../../pipeline/contract/stage/report.ts";
import { resolveInputs } from "../../../pipeline/inputs.ts";
import { listSources, readOnSpark } from "../../../pipeline/scale/spark/read.ts";
import { SparkRunner } from "../../../pipeline/scale/spark/runner.ts";
import { type Case, Files } from "./cases.ts";
import { checkOnEngine } from "../../../pipeline/scale/stages/schema.ts";

/** Prepares the same data with Polars and with another engine, and compares the results. */

/** Options of a preparation, whose place the test gives. */
export type Options = Omit<PrepareInput, "out">;

/** An engine under test. */
export interface Engine {
  /** The option that chooses this engine. */
  place: EngineInput;
  /** A folder in which nothing may be left. */
  work: string;
}

/** Tries a case. */
export async function tryCase(dir: string, engine: Engine, { what, options }: Case): Promise<void> {
  const own = Deno.makeTempDirSync({ dir }), compare = { rows: assertSameRows, refusal: assertSameError };
  await (what === undefined ? assertSame : compare[what])(own, engine, options(new Files(own)));
}

/** Asserts that tables have the same values and content hash, and that reports and rows set aside are the same. */
async function assertSame(dir: string, { place, work }: Engine, options: Options): Promise<void> {
  const here = await prepare({ ...options, out: join(dir, "polars"), force: true });
  const there = await prepare({ ...options, ...place, out: join(dir, "other"), force: true });
  for (const name of TABLES) {
    const [a, b] = [here, there].map(({ dataset }) => {
      const table = dataset.table(name);
      return table.columns.includes("negatives") ? table.explode("negatives") : table;
    });
    assert(a.frameEqual(b), `${name}: ${a}\n${b}`);
  }
  assert.equal(there.dataset.manifest.hash, here.dataset.manifest.hash);
  const { parts } = there.dataset, { partRows = Infinity } = place;
  assert.equal(parts.length > 1, there.dataset.manifest.counts.interactions > partRows);
  assert(parts.every(({ rows, users }) => rows <= partRows || users === 1));
  assert.deepEqual(factsOf(there.reports), factsOf(here.reports));
  const { config, counts, split, negatives, features, hasRating, timeUnit } = there.dataset.manifest,
    own = here.dataset.manifest;
  assert.deepEqual(
    { config, counts, split, negatives, features, hasRating, timeUnit },
    Object.fromEntries(
      (["config", "counts", "split", "negatives", "features", "hasRating", "timeUnit"] as const).map((
        key,
      ) => [key, own[key]]),
    ),
  );
  const [aside, asideHere] = ["other", "polars"].map((name) => join(dir, name, "rejected.csv"));
  assert.equal(existsSync(aside), existsSync(asideHere));
  if (existsSync(aside)) assert.equal(Deno.readTextFileSync(aside), Deno.readTextFileSync(asideHere));
  assert.deepEqual(leftIn(work), [], "nothing is left in the working folder");
}

/** The parts of reports that do not depend on the clock. */
const factsOf = (reports: readonly StageReport[]) =>
  reports.map(({ stage, rowsIn, rowsOut, dropped, counts, warnings }) => ({
    stage,
    rowsIn,
    rowsOut,
    dropped,
    counts,
    warnings,
  }));

/**
 * The same if only reading and checking rows matter. Spark, which is slow for each table, does only these two stages; another engine makes
 * the whole dataset.
 */
async function assertSameRows(dir: string, engine: Engine, options: Options): Promise<void> {
  const { engine: name, spark: url, parts = 2 } = engine.place;
  if (name !== "spark") return await assertSame(dir, engine, options);
  const config = resolvePrepareConfig({ ...options, out: dir }),
    { interactions } = await resolveInputs(config, {});
  const read = await readInteractions(interactions), { locate, columnName } = read;
  const here = await checkSchema(read.frame, { ...config, locate, columnName });
  await SparkRunner.with({ url: url!, parts, work: engine.work }, async (runner) => {
    const source = await readOnSpark(runner, interactions, await listSources(runner, interactions));
    const there = await checkOnEngine(source, { runner, config, parts, progress: silent });
    const frame = (await runner.rows(`SELECT * FROM ${there.table}`)).sort("source_row").drop("source_row");
    assert.deepEqual(factsOf([source.report, there.report]), factsOf([read.report, here.report]));
    assert.equal(there.timeUnit, here.timeUnit);
    for (const [a, b] of [[here.frame, frame], [here.rejected, there.rejected]]) {
      assert(withoutCategories(a).frameEqual(b), `${a}\n${b}`);
    }
  });
  assert.deepEqual(leftIn(engine.work), [], "nothing is left in the working folder");
}

const withoutCategories = (frame: DataFrame): DataFrame =>
  frame.height === 0 ? frame : frame.withColumns(
    ...frame.columns.filter((name) => /Categorical/.test(String(frame.getColumn(name).dtype)))
      .map((name) => pl.col(name).cast(pl.String)),
  );

/** Asserts that both refuse, in the same words. */
async function assertSameError(
  dir: string,
  { place, work }: Engine,
  options: Options,
): Promise<void> {
  const message = (more: object) =>
    prepare({ ...options, ...more, out: join(dir, "refused"), force: true }).then(
      () => assert.fail("it was not refused"),
      (error: Error) => `${error.name}: ${error.message}`,
    );
  assert.equal(await message(place), await message({}));
  assert.deepEqual(leftIn(work), [], "nothing is left in the working folder");
}

/** Names of temporary files and folders in a folder, under way or left behind. */
const leftIn = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
    name.startsWith(".") || name.startsWith("automlp_")
  );
