import assert from "node:assert/strict";
import { prepare } from "../../../mod.ts";
import { contentOptions, resolvePrepareConfig } from "../../../pipeline/config.ts";
import { InputError } from "../../../pipeline/contract/errors.ts";
import { checkEngine, engineSchema } from "../../../pipeline/scale/options.ts";

const checked = (values: Record<string, unknown>) => checkEngine(engineSchema.parse(values));

Deno.test("the engine: one of this machine unless Spark is asked for, and Spark needs its address", () => {
  assert.deepEqual(checked({}), { engine: "auto", memory: undefined });
  assert.deepEqual(checked({ memory: "1.5 GiB" }), { engine: "auto", memory: 1.5 * 2 ** 30 });
  assert.deepEqual(checked({ memory: 1.5 * 2 ** 30 }), { engine: "auto", memory: 1.5 * 2 ** 30 });
  assert.deepEqual(checked({ engine: "duckdb", memory: "500MB" }), {
    engine: "duckdb",
    memory: 500 * 2 ** 20,
  });
  assert.deepEqual(checked({ engine: "polars" }), { engine: "polars" });
  assert.deepEqual(checked({ engine: "spark", spark: "sc://h" }), {
    engine: "spark",
    url: "sc://h",
    work: undefined,
    parts: 16,
  });
  assert.throws(
    () => checked({ engine: "spark" }),
    /^InputError: Where is Spark\? Name its Connect server with spark: "sc:/,
  );
  for (const given of [{ spark: "sc://h" }, { work: "hdfs:/x" }, { parts: 2 }]) {
    assert.throws(
      () => checked(given),
      new InputError(`Option --${Object.keys(given)[0]} goes with --engine spark`),
    );
  }
  for (const engine of ["polars", "spark"]) {
    assert.throws(
      () => checked({ engine, memory: "2GiB" }),
      new InputError("Option --memory goes with --engine duckdb or --engine auto"),
    );
  }
  assert.throws(
    () => checked({ memory: "100MiB" }),
    new InputError("Cannot work within --memory 100MiB: give 384MiB or more"),
  );
  assert.throws(() => checked({ memory: "much" }), /must be a size such as/);
});

Deno.test("the engine is no part of what makes a dataset, nor is its address, which may hold a token", () => {
  const content = contentOptions(resolvePrepareConfig({ data: "/log.csv", out: "data" }));
  assert.deepEqual(
    Object.keys(content).filter((key) => ["engine", "memory", "spark", "work", "parts"].includes(key)),
    [],
  );
});

Deno.test("what Spark does not read as we do is refused before anybody is asked", async () => {
  const refused = (options: Record<string, unknown>, message: RegExp) =>
    assert.rejects(
      prepare({ data: "/log.csv", out: "data", engine: "spark", spark: "sc://127.0.0.1:1", ...options }),
      (error) => error instanceof InputError && message.test(error.message),
    );
  await refused(
    { format: "sequences" },
    /^Cannot read the format sequences with engine: "spark": there, files are CSV, /,
  );
  await refused({ format: "arrow" }, /^Cannot read the format arrow with engine: "spark"/);
  await refused({ format: "amazon" }, /^Cannot read the format amazon with engine: "spark"/);
  await refused({ encoding: "latin1" }, /^Cannot read latin1 with engine: "spark": convert/);
  await refused({ dataset: "ml-100k" }, /^Option dataset does not go with engine: "spark"/);
  await refused({ spark: "http://h" }, /^Cannot use spark: "http:\/\/h": it is not the address/);
});
