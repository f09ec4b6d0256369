import assert from "node:assert/strict";
import { join } from "node:path";
import { InputError, prepare } from "../../../mod.ts";
import { contentOptions, resolvePrepareConfig } from "../../../pipeline/config.ts";
import { silent } from "../../../pipeline/contract/progress.ts";
import { resolveInputs } from "../../../pipeline/inputs.ts";
import {
  checkEngine,
  chooseEngine,
  engineSchema,
  type LocalPlace,
  polarsPeak,
} from "../../../pipeline/scale/options.ts";
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

const checked = (values: Record<string, unknown>) => checkEngine(engineSchema.parse(values));

Deno.test("the engine: one of this machine unless Spark is asked for, and Spark needs its address", () => {
  const spark = { engine: "spark", url: "sc://h", work: undefined, parts: 16 };
  for (
    const [values, place] of [
      [{}, { engine: "auto", memory: undefined }],
      [{ memory: "1.5 GiB" }, { engine: "auto", memory: 1.5 * GIB }],
      [{ memory: 1.5 * GIB }, { engine: "auto", memory: 1.5 * GIB }],
      [{ engine: "duckdb", memory: "500MB" }, { engine: "duckdb", memory: 500 * 2 ** 20 }],
      [{ engine: "polars" }, { engine: "polars" }],
      [{ engine: "spark", spark: "sc://h" }, spark],
    ] as const
  ) assert.deepEqual(checked(values), place);
  for (
    const [values, message] of [
      [{ engine: "spark" }, /^InputError: Where is Spark\? Name its Connect server with spark: "sc:/],
      [{ spark: "sc://h" }, new InputError("Option --spark goes with --engine spark")],
      [{ work: "hdfs:/x" }, new InputError("Option --work goes with --engine spark")],
      [{ parts: 2 }, new InputError("Option --parts goes with --engine spark")],
      [
        { engine: "polars", memory: "2GiB" },
        new InputError("Option --memory goes with --engine duckdb or --engine auto"),
      ],
      [{ memory: "100MiB" }, new InputError("Cannot work within --memory 100MiB: give 384MiB or more")],
      [{ memory: "much" }, /must be a size such as/],
    ] as const
  ) assert.throws(() => checked(values), message);
  const content = contentOptions(resolvePrepareConfig({ data: "/log.csv", out: "data" }));
  const names = Object.keys(content).filter((key) => Object.hasOwn(engineSchema.shape, key));
  assert.deepEqual(names, [], "the engine is no part of what makes a dataset, nor is its address");
});

Deno.test("what Spark does not read as we do is refused before anybody is asked", async () => {
  for (
    const [options, message] of [
      [
        { format: "sequences" },
        /^Cannot read the format sequences with engine: "spark": there, files are CSV, /,
      ],
      [{ format: "amazon" }, /^Cannot read the format amazon with engine: "spark"/],
      [{ encoding: "latin1" }, /^Cannot read latin1 with engine: "spark": convert/],
      [{ dataset: "ml-100k" }, /^Option dataset does not go with engine: "spark"/],
      [{ spark: "http://h" }, /^Cannot use spark: "http:\/\/h": it is not the address/],
    ] as const
  ) {
    await assert.rejects(
      prepare({ data: "/log.csv", out: "data", engine: "spark", spark: "sc://127.0.0.1:1", ...options }),
      (error) => error instanceof InputError && message.test(error.message),
    );
  }
});
