/** Prepares the same data here and on Spark, and holds what comes out against each other. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { prepare, type PrepareInput, TABLES } from "../../../mod.ts";

/** Of a preparation, whose place the test gives. */
export type Options = Omit<PrepareInput, "out">;

/** Tables are the same value for value, with the same content hash; so are the reports and what was set aside. */
export async function assertSame(dir: string, spark: string, options: Options): Promise<void> {
  const here = await prepare({ ...options, out: join(dir, "polars"), force: true });
  const there = await prepare({
    ...options,
    ...{ out: join(dir, "spark"), force: true, engine: "spark", spark, parts: 2, work: join(dir, "work") },
  });
  for (const name of TABLES) {
    const [a, b] = [here, there].map(({ dataset }) => {
      const table = dataset.table(name);
      return table.columns.includes("negatives") ? table.explode("negatives") : table;
    });
    assert(a.frameEqual(b), `${name}: ${a}\n${b}`);
  }
  assert.equal(there.dataset.manifest.hash, here.dataset.manifest.hash);
  const facts = ({ reports }: typeof here) =>
    reports.map(({ stage, rowsIn, rowsOut, dropped, counts, warnings }) => ({
      ...{ stage, rowsIn, rowsOut, dropped, counts, warnings },
    }));
  assert.deepEqual(facts(there), facts(here));
  const { config, counts, split, negatives, features, hasRating } = there.dataset.manifest,
    own = here.dataset.manifest;
  assert.deepEqual(
    { config, counts, split, negatives, features, hasRating },
    Object.fromEntries(
      (["config", "counts", "split", "negatives", "features", "hasRating"] as const).map((
        key,
      ) => [key, own[key]]),
    ),
  );
  const [aside, asideHere] = ["spark", "polars"].map((name) => join(dir, name, "rejected.csv"));
  assert.equal(existsSync(aside), existsSync(asideHere));
  if (existsSync(aside)) assert.equal(Deno.readTextFileSync(aside), Deno.readTextFileSync(asideHere));
  assert.deepEqual([...Deno.readDirSync(join(dir, "work"))], [], "nothing is left in the working folder");
}

/** Both refuse, in the same words. */
export async function assertSameError(dir: string, spark: string, options: Options): Promise<void> {
  const message = (more: object) =>
    prepare({ ...options, ...more, out: join(dir, "refused") }).then(
      () => assert.fail("it was not refused"),
      (error: Error) => `${error.name}: ${error.message}`,
    );
  assert.equal(
    await message({ engine: "spark", spark, parts: 2, work: join(dir, "work") }),
    await message({}),
  );
}
