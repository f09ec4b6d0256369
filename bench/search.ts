/**
 * `deno task bench search`: what the differentiable search costs against trying each candidate length in a training of its
 * own, step for step. An epoch has as many steps in both, so the ratio of steps is the ratio of epochs.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../pipeline/contract/errors.ts";
import { silent } from "../pipeline/contract/progress.ts";
import type { StageContext } from "../pipeline/contract/stage.ts";
import { checkConfig } from "../pipeline/terminal/config.ts";
import { fillFromSchema } from "../pipeline/terminal/schema_options.ts";
import { openEngine } from "../model/backend/engine.ts";
import type { Engine } from "../model/backend/types.ts";
import { Search } from "../model/search/search.ts";
import { benchTruth, TRUTH_FLAGS, truthSchema } from "./truth.ts";
import type { Bench, BenchResult } from "./bench.ts";
import { inTurn, rounded } from "./measure.ts";
import {
  benchNetwork,
  benchSettings,
  benchTraining,
  RandomDataset,
  size,
  type StepTime,
  summarize,
  timeStep,
  WARM_UP,
  type Workload,
  WORKLOAD_OPTIONS,
  workloadShape,
} from "./workload.ts";

const searchSchema = z.strictObject({
  ...workloadShape,
  lengths: z.array(z.coerce.number().int().positive()).min(2)
    .default([3, 5, 10, 15, 20, 25, 30, 35, 40, 45]),
  length: size.default(50),
  steps: size.default(11),
});
/** Options of `bench search`. */
export type SearchPlan = z.output<typeof searchSchema>;

/** The search over the first n candidates. */
interface Row {
  lengths: number[];
  /** One step of α and one of the weights, by each kind of search. */
  losses: StepTime;
  first: StepTime;
  second: StepTime;
  /** One training step for each candidate. */
  exhaustiveMs: number;
}

/** The kinds of search. */
const KINDS = {
  losses: { relaxation: "losses", order: 1 },
  first: { relaxation: "outputs", order: 1 },
  second: { relaxation: "outputs", order: 2 },
} as const;

/** Number of batches: enough users for held-out batches as large as those of training. */
const BATCHES = 32;

/** A search in which α learns from the first step on, and nothing is dropped. */
function benchSearch(
  engine: Engine,
  dataset: RandomDataset,
  workload: Workload,
  lengths: number[],
  kind: keyof typeof KINDS,
): Search {
  return new Search(engine, dataset, benchNetwork(dataset, workload, lengths), {
    ...benchSettings(workload),
    epochs: 1,
    ...KINDS[kind],
    warmup: 0, // α learns in each step
    alphaRate: 0.01,
    alphaData: "validation",
    elimination: false,
    every: Number.MAX_SAFE_INTEGER,
  });
}

/** Measures what the plan says. All searches and trainings take turns, step by step. */
export async function benchSearches(
  plan: SearchPlan,
  { progress = silent, signal }: StageContext = {},
): Promise<BenchResult> {
  const { lengths, length, steps, threads } = plan;
  if (lengths.some((k) => k > length)) {
    throw new InputError(
      `Cannot measure: a candidate is longer than the sequence, ${length}; raise --length`,
    );
  }
  const engine = await openEngine({ engine: plan.engine, threads, progress });
  const dataset = new RandomDataset(plan, length, BATCHES);
  const counts = lengths.slice(1).map((_, i) => i + 2);
  const subjects = [
    ...lengths.map((k) => ({
      name: `training ${k}`,
      together: 1,
      ...benchTraining(engine, dataset, plan, [k]),
    })),
    ...counts.flatMap((n) =>
      (Object.keys(KINDS) as (keyof typeof KINDS)[]).map((kind) => {
        const search = benchSearch(engine, dataset, plan, lengths.slice(0, n), kind);
        // By losses the candidates are judged once in some steps: all of these are measured together.
        const together = kind === "losses" ? search.judgedEvery : 1;
        const step = () => {
          for (let i = 0; i < together; i++) search.step();
        };
        return { name: `search ${n} ${kind}`, step, together, dispose: () => search.dispose() };
      })
    ),
  ];
  const turns = WARM_UP + steps;
  const task = progress.start("searches and trainings", turns * subjects.length, "steps");
  const times = await inTurn(
    turns,
    Object.fromEntries(subjects.map(({ name, step, together }) => [name, async () => {
      const ms = await timeStep(step, signal) / together;
      task.advance(1);
      return ms;
    }])),
  );
  task.end();
  for (const { dispose } of subjects) dispose();

  const timeOf = (name: string) => summarize(times[name].slice(WARM_UP));
  const trainings = lengths.map((k) => ({ k, ...timeOf(`training ${k}`) }));
  const rows = counts.map((n): Row => ({
    lengths: lengths.slice(0, n),
    losses: timeOf(`search ${n} losses`),
    first: timeOf(`search ${n} first`),
    second: timeOf(`search ${n} second`),
    exhaustiveMs: trainings.slice(0, n).reduce((sum, { medianMs }) => sum + medianMs, 0),
  }));
  return {
    tables: [table(plan, rows)],
    notes: [
      "A search step is one of the weights, and one of α: by outputs in each, by losses once in some steps, whose mean is reported. Exhaustive search makes one training step for each candidate.",
      engine.explanation,
    ],
    data: { bench: "search", plan, engine: engine.name, trainings, rows },
  };
}

function table({ batch, layers, length, loss, steps }: SearchPlan, rows: Row[]) {
  return {
    caption: `Search: ${batch} sequences of ${length}, ${layers} layers, ${loss}; medians of ${steps} steps`,
    columns: [
      "lengths",
      "lengths",
      "by losses ms",
      "first order ms",
      "second order ms",
      "exhaustive ms",
      "losses / exh.",
      "first / exh.",
      "second / exh.",
    ],
    rows: rows.map(({ lengths, losses, first, second, exhaustiveMs }) => [
      lengths.length,
      lengths.join(","),
      rounded(losses.medianMs, 1),
      rounded(first.medianMs, 1),
      rounded(second.medianMs, 1),
      rounded(exhaustiveMs, 1),
      rounded(losses.medianMs / exhaustiveMs, 2),
      rounded(first.medianMs / exhaustiveMs, 2),
      rounded(second.medianMs / exhaustiveMs, 2),
    ]),
  };
}

/** Time of a search step against exhaustive search. */
export const searchBench: Bench = {
  spec: {
    name: "bench search",
    summary:
      "Milliseconds of a search step against exhaustive search; with --truth, whether its answers hold.",
    options: {
      "Whether its answers hold": TRUTH_FLAGS,
      ...fillFromSchema(searchSchema.shape, {
        "What is measured": {
          lengths: {
            kind: "list",
            value: "K,K,…",
            help: "short-term lengths; timed are the first 2, the first 3, … all of them",
          },
          length: { kind: "number", value: "N", help: "length of the sequences, T; none is padded" },
          ...WORKLOAD_OPTIONS,
        },
        "How often": { steps: { kind: "number", value: "N", help: "number of steps of each that count" } },
      }),
    },
    examples: [
      "deno task bench search",
      "deno task bench search --truth --results trials.jsonl",
      "deno task bench search --lengths 3,5,10,15,20 --loss ce --json",
    ],
  },
  run: async (values, context) =>
    values.truth
      ? await benchTruth(checkConfig(truthSchema, values), context)
      : await benchSearches(checkConfig(searchSchema, values), context),
};
