/** Prepares the same data by Polars and by another engine, and holds what comes out against each other. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type EngineInput, prepare, type PrepareInput, TABLES } from "../../../mod.ts";

/** Of a preparation, whose place the test gives. */
export type Options = Omit<PrepareInput, "out">;

/** An engine under test. */
export interface Engine {
  /** What says that it does the work. */
  place: EngineInput;
  /** A folder in which nothing may be left. */
  work: string;
}

/** Tables are the same value for value, with the same content hash; so are the reports and what was set aside. */
export async function assertSame(dir: string, { place, work }: Engine, options: Options): Promise<void> {
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
  const facts = ({ reports }: typeof here) =>
    reports.map(({ stage, rowsIn, rowsOut, dropped, counts, warnings }) => ({
      stage,
      rowsIn,
      rowsOut,
      dropped,
      counts,
      warnings,
    }));
  assert.deepEqual(facts(there), facts(here));
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

/** Both refuse, in the same words. */
export async function assertSameError(
  dir: string,
  { place, work }: Engine,
  options: Options,
): Promise<void> {
  const message = (more: object) =>
    prepare({ ...options, ...more, out: join(dir, "refused") }).then(
      () => assert.fail("it was not refused"),
      (error: Error) => `${error.name}: ${error.message}`,
    );
  assert.equal(await message(place), await message({}));
  assert.deepEqual(leftIn(work), [], "nothing is left in the working folder");
}

/** What is under way in a folder, or was left there. */
const leftIn = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
    name.startsWith(".") || name.startsWith("automlp_")
  );
