/** The draws in SQL, which clusters make, on DuckDB. */
import assert from "node:assert/strict";
import pl from "nodejs-polars";
import { silent } from "../../../../pipeline/contract/progress.ts";
import { RandomStream } from "../../../../pipeline/contract/random.ts";
import { resolvePrepareConfig } from "../../../../pipeline/config.ts";
import { sampleNegatives } from "../../../../pipeline/negatives.ts";
import { splitInteractions } from "../../../../pipeline/split.ts";
import { DuckDbRunner } from "../../../../pipeline/sql/duckdb/runner.ts";
import { LEAST_MEMORY } from "../../../../pipeline/sql/options.ts";
import { drawOnEngine } from "../../../../pipeline/sql/stages/negatives.ts";
import { withFolder } from "../../../folders.ts";

/** Negatives of each positive, undefined where nobody names a number, and the items that one user has not had. */
interface Drawing {
  evalNegatives?: number;
  left: number;
}

const USERS = 40, ITEMS = 30, EACH = 12;

/** Users who chose among few items, the first of them hardly anything but one, and one user all but `left`. */
function interactions(left: number) {
  const random = new RandomStream(3, "interactions"), user: number[] = [], item: number[] = [];
  for (let u = 1; u <= USERS; u++) {
    for (let i = 0; i < EACH; i++) {
      user.push(u);
      item.push(random.below(3) > 0 ? 1 : 1 + random.below(ITEMS));
    }
  }
  for (let i = 1; i <= ITEMS - left; i++) {
    user.push(USERS + 1);
    item.push(i);
  }
  const whole = (name: string, values: number[]) => pl.Series(name, values, pl.UInt32);
  return pl.DataFrame([whole("user", user), whole("item", item), whole("timestamp", user.map((_, i) => i))]);
}

Deno.test("SQL draws what Polars' stage draws, lists that rejection leaves short among them", () =>
  drawsAlike());

Deno.test("users whose histories would be compared too often are drawn for here, the same", async () => {
  for (const most of [0, 8, 14]) await drawsAlike(most); // all users, most of them, the one who has nearly all items
});

Deno.test("a number of negatives that nobody named is lowered to the same", async () => {
  await drawsAlike(undefined, { evalNegatives: undefined, left: 12 });
  await drawsAlike(undefined, { evalNegatives: undefined, left: 0 });
});

const drawsAlike = (most?: number, { evalNegatives, left }: Drawing = { evalNegatives: 2, left: 3 }) =>
  withFolder(async (folder) => {
    const log = interactions(left), { frame } = splitInteractions(log);
    const users = pl.DataFrame([
      pl.Series("user", Array.from({ length: USERS + 1 }, (_, i) => i + 1), pl.UInt32),
    ])
      .withColumns(
        pl.col("user").cast(pl.String).alias("id"),
        pl.when(pl.col("user").gt(USERS)).then(pl.lit(ITEMS - left)).otherwise(pl.lit(EACH)).cast(pl.UInt32)
          .alias("interactions"),
      );
    const items = pl.DataFrame([
      pl.Series("item", Array.from({ length: ITEMS }, (_, i) => i + 1), pl.UInt32),
    ]);
    const config = resolvePrepareConfig({
      data: "none.csv",
      out: "none",
      evalNegatives,
      seed: 2 ** 33 + 5,
    });
    const here = await sampleNegatives(frame, { ...config, users, items });
    await DuckDbRunner.with({ memory: LEAST_MEMORY, folder }, async (runner) => {
      await runner.table(
        "ordered",
        frame.withColumn(pl.col("split").cast(pl.String)).select(
          ...["user", "item"].map((name) => pl.col(name).cast(pl.Int64)),
          pl.col("split"),
        ).withRowIndex("row_index"),
      );
      const table = "interactions";
      await runner.keep(
        table,
        `SELECT *, 0 AS part, row_number() OVER (PARTITION BY user ORDER BY row_index) AS position FROM ordered`,
      );
      const work = { runner, config, parts: 2, progress: silent };
      const there = await drawOnEngine({ table, frame }, { users, items }, work, most);
      const flat = (rows: typeof here.frame) => rows.explode("negatives");
      assert(flat(there.frame.lazy().collectSync()).frameEqual(flat(here.frame)));
      assert.deepEqual(there.popularity, here.popularity);
      assert.deepEqual([there.count, there.protocols, there.lowered], [
        here.count,
        here.protocols,
        here.lowered,
      ]);
      const { rowsOut, counts, warnings } = here.report, report = there.report;
      assert.deepEqual(
        { rowsOut: report.rowsOut, counts: report.counts, warnings: report.warnings },
        { rowsOut, counts, warnings },
      );
    });
  });
