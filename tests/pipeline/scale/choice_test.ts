import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import pl from "nodejs-polars";
import { resolvePrepareConfig } from "../../../pipeline/config.ts";
import { silent } from "../../../pipeline/contract/progress.ts";
import { RandomStream } from "../../../pipeline/contract/random.ts";
import { resolveInputs } from "../../../pipeline/inputs.ts";
import { estimateLog } from "../../../pipeline/readers/estimate.ts";
import type { ReadOptions } from "../../../pipeline/readers/types.ts";
import { chooseEngine, type LocalPlace, polarsPeak } from "../../../pipeline/scale/options.ts";
import { withFolder } from "../../folders.ts";

const GIB = 2 ** 30;
/** 2²³ rows of 24 bytes in a file with holes. */
function log(path: string): string {
  Deno.writeTextFileSync(path, "user,item,timestamp\n" + "u1234567,i123456,1234567\n".repeat(4000));
  Deno.truncateSync(path, 25 * 2 ** 23);
  return path;
}

const chosen = async (place: LocalPlace, dir: string, data: string, options = {}) => {
  const config = resolvePrepareConfig({ data, out: join(dir, "out"), ...options });
  return await chooseEngine(place, config, await resolveInputs(config, { progress: silent }));
};

Deno.test("what Polars takes, as it was measured", () => {
  const plan = {
    split: "leave-one-out",
    protocols: ["strict", "uniform", "recbole"],
    evalNegatives: 100,
  } as const;
  const peak = (rows: number, of: Parameters<typeof polarsPeak>[1], ratings = false) =>
    polarsPeak({ rows, ratings }, of);
  const measured: [rows: number, mib: number][] = [[1e6, 309], [5e6, 721], [2e7, 1550], [5e7, 3761]];
  for (const [rows, mib] of measured) {
    const estimated = peak(rows, plan) / 2 ** 20;
    assert(Math.abs(estimated / mib - 1) < 0.1, `${rows} rows: ${estimated} MiB, measured ${mib}`);
  }
  assert(Math.abs(peak(1e7, plan, true) / 2 ** 20 / 1106 - 1) < 0.1, "with ratings: 1,079 and 1,134 MiB");
  const ratio = { ...plan, split: "ratio" } as const;
  assert(peak(1e5, ratio) > peak(1e5, plan), "a fifth has negatives");
  assert.equal(peak(1e7, ratio), peak(1e7, plan), "more than some are on disk");
});

Deno.test("auto takes Polars where it fits, else DuckDB, and says why", () =>
  withFolder(async (dir) => {
    const data = log(join(dir, "log.csv"));
    assert.deepEqual(await chosen({ engine: "auto" }, dir, data), { place: { engine: "polars" } });
    assert.deepEqual(await chosen({ engine: "auto", memory: 4 * GIB }, dir, data), {
      place: { engine: "polars" },
    });
    const { place, reason } = await chosen({ engine: "auto", memory: 0.75 * GIB }, dir, data);
    assert.deepEqual(place, { engine: "duckdb", memory: 0.75 * GIB });
    assert.equal(
      reason,
      "DuckDB does the work: for about 8,400,000 interactions Polars would take some 824MiB, and --memory allows 768MiB",
    );
    const sequences = await chosen({ engine: "auto", memory: 0.75 * GIB }, dir, data, {
      format: "sequences",
    });
    assert.deepEqual(sequences, { place: { engine: "polars" } }, "what DuckDB cannot have stays with Polars");
  }));

Deno.test("a log with ratings is taken to need more, in whatever format they are", () =>
  withFolder(async (dir) => {
    const at = (name: string, text: string) => {
      Deno.writeTextFileSync(join(dir, name), text);
      return { files: [join(dir, name)] };
    };
    const ratings = async (options: ReadOptions) => (await estimateLog(options))?.ratings;
    const rated = at("rated.csv", "user,item,rating,timestamp\na,b,5,1\n");
    assert.equal(await ratings(rated), true);
    assert.equal(
      await ratings({ ...rated, columns: ["user=user", "item=item", "timestamp=timestamp"] }),
      false,
    );
    assert.equal(await ratings(at("log.csv", "user,item,timestamp,price\na,b,1,5\n")), false);
    assert.equal(await ratings({ files: [...rated.files, join(dir, "log.csv")] }), true);
    assert.equal(await ratings(at("u.data", "1\t2\t5\t881250949\n")), true);
    const frame = pl.DataFrame({ user: ["a"], item: ["b"], timestamp: [1] });
    frame.writeParquet(join(dir, "log.parquet"));
    frame.withColumn(pl.lit(5).alias("rating")).writeParquet(join(dir, "rated.parquet"));
    assert.equal(await ratings({ files: [join(dir, "log.parquet")] }), false);
    assert.equal(await ratings({ files: [join(dir, "rated.parquet")] }), true);
    assert.equal(await ratings(at("wrong.csv", "a,b\n1,2\n")), true, "its reader says what is wrong");
  }));

Deno.test("the rows of a gzip file are told by its end, and of several put one behind the other by how it begins", () =>
  withFolder(async (dir) => {
    const random = new RandomStream(1, "lines"), ROWS = 20_000;
    const lines = Array.from(
      { length: ROWS },
      () => `u${random.below(9e6)},i${random.below(9e4)},${1e9 + random.below(9e7)}\n`,
    );
    const rows = async (...members: string[]) => {
      const path = join(dir, "log.csv.gz");
      Deno.writeFileSync(path, Buffer.concat(members.map((member) => gzipSync(member))));
      return (await estimateLog({ files: [path] }))!.rows;
    };
    const near = (actual: number, expected: number, share: number) =>
      assert(Math.abs(actual / expected - 1) < share, `${actual}, not about ${expected}`);
    const head = "user,item,timestamp\n", [first, second] = [lines.slice(0, 15_000), lines.slice(15_000)];
    near(await rows(head + lines.join("")), ROWS, 0.01);
    near(await rows(head + first.join(""), second.join("")), ROWS, 0.1);
    near(await rows(head + lines.join(""), "u1,i1,1\n"), ROWS, 0.1);
    near(await rows(head + lines.join(""), lines.join(""), lines.join("")), 3 * ROWS, 0.1);
  }));

Deno.test("an engine that is asked for is taken", () =>
  withFolder(async (dir) => {
    const data = join(dir, "small.csv");
    Deno.writeTextFileSync(data, "user,item,timestamp\na,b,1\n");
    assert.deepEqual(await chosen({ engine: "polars" }, dir, data), { place: { engine: "polars" } });
    const { place } = await chosen({ engine: "duckdb", memory: 3 * GIB }, dir, data);
    assert.deepEqual(place, { engine: "duckdb", memory: 3 * GIB });
    const free = await chosen({ engine: "duckdb" }, dir, data);
    assert(free.place.engine === "duckdb" && free.place.memory > 0);
  }));
