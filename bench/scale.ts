/**
 * `deno task bench scale`: the cost of a preparation by its number of rows, on each engine, and an extrapolation to larger ones.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { InputError } from "../pipeline/contract/errors.ts";
import { silent } from "../pipeline/contract/progress.ts";
import type { StageContext } from "../pipeline/contract/stage.ts";
import type { Table } from "../pipeline/display/table.ts";
import { checkConfig } from "../pipeline/terminal/config.ts";
import type { Bench, BenchResult } from "./bench.ts";
import { writeLog } from "./logs.ts";
import { median, type ProcessRun, rounded, runMeasured } from "./measure.ts";
import { type ClusterWork, clusterWork } from "./scale/cluster.ts";
import { costOf, fitCost } from "./scale/cost.ts";
import { workFolder } from "./work_folder.ts";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));
const ENGINES = ["polars", "duckdb", "spark"] as const;
type EngineName = (typeof ENGINES)[number];

/** What is measured and how. */
interface Plan {
  rows: number[];
  engines: EngineName[];
  runs: number;
  seed: number;
  /** Of DuckDB. */
  memory: string;
  spark?: string;
  sparkUi?: string;
  parts: number;
  work?: string;
}

/** One run. */
interface Measured {
  engine: EngineName;
  rows: number;
  own: ProcessRun;
  cluster?: ClusterWork;
}

async function benchScale(plan: Plan, { progress = silent, signal }: StageContext): Promise<BenchResult> {
  const work = await workFolder(plan.work),
    measured: Measured[] = [];
  try {
    for (const rows of plan.rows) {
      const data = join(work, `log-${rows}.csv`), writing = progress.start("generating a log", rows, "rows");
      writeLog(data, rows, plan.seed, (written) => writing.advance(written));
      writing.end();
      for (let run = 0; run < plan.runs; run++) {
        for (const engine of plan.engines) {
          const task = progress.start(`${engine}, ${rows} rows, run ${run + 1} of ${plan.runs}`);
          measured.push(await measure(engine, { data, rows, out: join(work, "dataset") }, plan, signal));
          task.end();
        }
      }
      await Deno.remove(data);
    }
  } finally {
    await Deno.remove(work, { recursive: true });
  }
  const sums = plan.engines.flatMap((engine) => plan.rows.map((rows) => medians(measured, engine, rows)));
  return {
    tables: [sizesTable(sums, plan), ...costTable(sums, plan)],
    notes: NOTES,
    data: { bench: "scale", ...plan, measured },
  };
}

async function measure(
  engine: EngineName,
  { data, rows, out }: { data: string; rows: number; out: string },
  { memory, spark, sparkUi, parts }: Plan,
  signal?: AbortSignal,
): Promise<Measured> {
  const more = {
    polars: [],
    duckdb: ["--memory", memory],
    spark: ["--spark", spark!, "--parts", String(parts)],
  }[engine];
  const before = engine === "spark" && sparkUi ? await clusterWork(sparkUi) : undefined;
  const own = await runMeasured({
    command: [
      ...[Deno.execPath(), "task", "prepare", "--engine", engine, ...more],
      ...["--data", data, "--out", out, "--quiet"],
    ],
    cwd: REPOSITORY,
  }, signal);
  await Deno.remove(out, { recursive: true });
  return { engine, rows, own, ...(before && { cluster: difference(await clusterWork(sparkUi!), before) }) };
}

const difference = (after: ClusterWork, before: ClusterWork): ClusterWork => ({
  cpuSeconds: after.cpuSeconds - before.cpuSeconds,
  shuffledBytes: after.shuffledBytes - before.shuffledBytes,
  tasks: after.tasks - before.tasks,
});

/** The medians of one engine at one size; CPU with that of the cluster. */
interface Sum {
  engine: EngineName;
  rows: number;
  wallSeconds: number;
  cpuSeconds: number;
  peakBytes: number;
  shuffledBytes?: number;
}

function medians(all: readonly Measured[], engine: EngineName, rows: number): Sum {
  const runs = all.filter((run) => run.engine === engine && run.rows === rows);
  const of = (value: (run: Measured) => number) => median(runs.map(value));
  return {
    engine,
    rows,
    wallSeconds: of(({ own }) => own.wallSeconds),
    cpuSeconds: of(({ own, cluster }) => own.userSeconds + own.systemSeconds + (cluster?.cpuSeconds ?? 0)),
    peakBytes: of(({ own }) => own.peakBytes),
    ...(runs.every(({ cluster }) => cluster) &&
      { shuffledBytes: of(({ cluster }) => cluster!.shuffledBytes) }),
  };
}

const MIB = 2 ** 20;
/** Of Spark the processor's time is known where its figures are read. */
const isWhole = ({ engine, shuffledBytes }: Sum) => engine !== "spark" || shuffledBytes !== undefined;

function sizesTable(sums: readonly Sum[], { runs }: Plan): Table {
  return {
    caption: `prepare: CSV to dataset with negatives, generated logs, median of ${runs}`,
    columns: ["engine", "rows", "wall s", "CPU s", "peak MiB", "MB shuffled"],
    rows: sums.map((sum) => [
      sum.engine,
      sum.rows,
      rounded(sum.wallSeconds, 1),
      isWhole(sum) ? rounded(sum.cpuSeconds, 1) : "–",
      Math.round(sum.peakBytes / MIB),
      sum.shuffledBytes === undefined ? "–" : rounded(sum.shuffledBytes / 1e6, 1),
    ]),
  };
}

/** Sizes to which the costs are extrapolated. */
const AHEAD = [1e8, 1e9, 1e10];

function costTable(sums: readonly Sum[], { engines }: Plan): Table[] {
  const rows = engines.flatMap((engine) => {
    const own = sums.filter((sum) => sum.engine === engine && isWhole(sum));
    const fit = (of: (sum: Sum) => number) => fitCost(own.map((sum) => ({ rows: sum.rows, cost: of(sum) })));
    const cpu = fit(({ cpuSeconds }) => cpuSeconds), peak = fit(({ peakBytes }) => peakBytes);
    if (!cpu || !peak) return [];
    const shuffled = fit(({ shuffledBytes = 0 }) => shuffledBytes);
    return [[
      engine,
      `${rounded(cpu.fixed, 1)} s + ${rounded(cpu.perRow * 1e6, 2)} µs/row`,
      `${Math.round(peak.fixed / MIB)} MiB + ${rounded(peak.perRow, 1)} B/row`,
      shuffled ? `${rounded(shuffled.perRow, 1)} B/row` : "–",
      ...AHEAD.map((size) => rounded(costOf(cpu, size) / 3600, 2)),
    ]];
  });
  if (rows.length === 0) return [];
  const ahead = AHEAD.map((size) => `CPU h at 10^${Math.log10(size)}`);
  return [{
    caption: "Fitted, and drawn out to sizes that were not measured",
    columns: ["engine", "CPU", "peak memory of this process", "shuffled", ...ahead],
    rows,
  }];
}

const NOTES = [
  "CPU: of this process and, with --spark-ui, of the cluster's tasks; garbage collection and scheduling of Spark's processes are not in it. Peak memory: of this process alone. Shuffled: what tasks wrote for other tasks to read.",
];

const schema = z.strictObject({
  rows: z.array(z.coerce.number().int().min(1)).default([1_000_000, 3_000_000, 10_000_000]),
  engines: z.array(z.enum(ENGINES)).optional(),
  runs: z.number().int().min(1).default(1),
  seed: z.number().int().min(0).default(1),
  memory: z.string().default("1GiB"),
  spark: z.string().optional(),
  sparkUi: z.string().optional(),
  parts: z.number().int().min(1).default(16),
  work: z.string().optional(),
});

async function run(values: Record<string, unknown>, context: StageContext): Promise<BenchResult> {
  const { engines, ...plan } = checkConfig(schema, values, "the options");
  const all = engines ?? ENGINES.filter((name) => name !== "spark" || plan.spark !== undefined);
  if (all.includes("spark") && plan.spark === undefined) {
    throw new InputError("Engine spark needs a server: name it with --spark sc://host:15002");
  }
  return await benchScale({ ...plan, engines: all }, context);
}

/** What a preparation costs by its size. */
export const scaleBench: Bench = {
  spec: {
    name: "bench scale",
    summary:
      "Time, memory and shuffled bytes of a preparation by number of rows on each engine, and their growth.",
    options: {
      "What is measured": {
        rows: {
          kind: "list",
          value: "N,N,…",
          help: "numbers of rows of the generated logs",
          fallback: "1000000,3000000,10000000",
        },
        engines: {
          kind: "list",
          value: "NAME,…",
          help: `engines to measure: ${ENGINES.join(", ")}`,
          fallback: "all that there are; spark with --spark",
        },
        runs: {
          kind: "number",
          value: "N",
          help: "number of runs of each; medians are shown",
          fallback: "1",
        },
        seed: { kind: "number", value: "N", help: "seed of the generated logs", fallback: "1" },
        memory: { kind: "text", value: "SIZE", help: "what DuckDB may take", fallback: "1GiB" },
        work: {
          kind: "text",
          value: "DIR",
          help: "folder for generated logs and datasets while they are needed; Spark must see it",
          fallback: "the system's temporary folder",
        },
      },
      "Spark": {
        spark: { kind: "text", value: "URL", help: "a Spark Connect server, as in sc://host:15002" },
        sparkUi: {
          kind: "text",
          value: "URL",
          help:
            "its application's Spark UI, as in http://host:4040, for the cluster's CPU and shuffled bytes",
        },
        parts: { kind: "number", value: "N", help: "into how many parts tables are divided", fallback: "16" },
      },
    },
    examples: [
      "deno task bench scale",
      "deno task bench scale --rows 100000,1000000 --spark sc://127.0.0.1:15002 --spark-ui http://127.0.0.1:4040",
    ],
  },
  run,
};
