/** The bench of sizes: its arithmetic, and what it reads from a real Spark. */
import assert from "node:assert/strict";
import { clusterWork } from "../../bench/scale/cluster.ts";
import { costOf, fitCost } from "../../bench/scale/cost.ts";
import { scaleBench } from "../../bench/scale.ts";
import { InputError, RunError } from "../../pipeline/contract/errors.ts";
import { hasSpark, withSpark } from "../pipeline/scale/spark/server.ts";
import { freePort } from "../free_port.ts";

Deno.test("a cost that grows with the rows is found, and weighed by relative errors", () => {
  const cost = fitCost([1e6, 3e6, 1e8].map((rows) => ({ rows, cost: 2 + 5e-6 * rows })))!;
  assert(Math.abs(cost.fixed - 2) < 1e-9 && Math.abs(cost.perRow - 5e-6) < 1e-15);
  assert(Math.abs(costOf(cost, 1e9) - 5002) < 1e-6);
  // A tenth too much at the largest size counts as a tenth, not as everything.
  const { fixed } = fitCost([1e5, 1e6, 1e8].map((rows, i) => ({
    rows,
    cost: (2 + 5e-6 * rows) * (i === 2 ? 1.1 : 1),
  })))!;
  assert(Math.abs(fixed - 2) < 0.2, String(fixed));
  assert.equal(fitCost([{ rows: 5, cost: 1 }, { rows: 5, cost: 2 }]), undefined, "one size is no line");
});

Deno.test("each engine of this machine is measured at each size", async () => {
  const { tables: [sizes, costs] } = await scaleBench.run({ rows: [20_000, 80_000], memory: "384MiB" }, {});
  assert.deepEqual(sizes.rows.map(([engine, rows]) => [engine, rows]), [
    ["polars", 20_000],
    ["polars", 80_000],
    ["duckdb", 20_000],
    ["duckdb", 80_000],
  ]);
  for (const [, , wall, cpu, peak, shuffled] of sizes.rows) {
    assert(Number(wall) > 0.1 && Number(cpu) > 0.1 && Number(peak) > 50, sizes.rows.join());
    assert.equal(shuffled, "–");
  }
  assert.deepEqual(costs.rows.map(([engine]) => engine), ["polars", "duckdb"]);
  await assert.rejects(scaleBench.run({ engines: ["spark"] }, {}), InputError);
});

Deno.test("where no Spark UI is, one line says what to give", async () => {
  const error = await clusterWork("http://127.0.0.1:1").catch((error) => error);
  assert(error instanceof RunError);
  assert.match(
    error.message,
    /^Cannot read http:\/\/127\.0\.0\.1:1\/api\/v1\/applications: [^\n]+ --spark-ui/,
  );
});

Deno.test({
  name: "on Spark the tasks' own time and what they shuffled are counted",
  ignore: !hasSpark,
  fn: () => {
    const port = freePort(), sparkUi = `http://127.0.0.1:${port}`;
    return withSpark(async ({ url }) => {
      const plan = { rows: [20_000], engines: ["spark"], spark: url, sparkUi, parts: 2 };
      const { tables: [{ rows: [row] }], data } = await scaleBench.run(plan, {});
      const [engine, rows, wall, cpu, , shuffled] = row;
      assert.deepEqual([engine, rows], ["spark", 20_000]);
      assert(Number(cpu) > 0.2 && Number(wall) > 1, row.join());
      assert(Number(shuffled) > 0, "megabytes");
      const [{ cluster }] = data.measured as { cluster: { tasks: number; cpuSeconds: number } }[];
      const after = await clusterWork(sparkUi);
      assert(cluster.tasks > 10 && cluster.tasks <= after.tasks, `${cluster.tasks} of ${after.tasks} tasks`);
      assert(cluster.cpuSeconds > 0 && cluster.cpuSeconds <= after.cpuSeconds);
    }, { "spark.ui.enabled": "true", "spark.ui.port": String(port) });
  },
});
