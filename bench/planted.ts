/**
 * `deno task bench planted`: whether the search finds what was planted. With the long-term module off, a short-term length
 * below the planted distance cannot see the item that decides.
 *
 * @module
 */
import { z } from "zod";
import { plantedCsv } from "../fixtures/planted.ts";
import { checkInterrupt } from "../pipeline/contract/errors.ts";
import { silent } from "../pipeline/contract/progress.ts";
import type { StageContext } from "../pipeline/contract/stage.ts";
import { fillFromSchema } from "../pipeline/terminal/options.ts";
import { checkConfig } from "../pipeline/terminal/config.ts";
import {
  type Engine,
  evaluate,
  networkFor,
  openEngine,
  prepare,
  RELAXATIONS,
  Search,
  type SequenceDataset,
  Training,
} from "../mod.ts";
import type { Bench, BenchResult } from "./bench.ts";
import { median } from "./measure.ts";

const whole = z.coerce.number().int().positive();
const plantedSchema = z.strictObject({
  distances: z.array(whole).default([3, 5, 10, 20]),
  candidates: z.array(whole).default([2, 4, 8, 15, 25]),
  seeds: z.int().positive().default(10),
  relaxation: z.enum(RELAXATIONS).optional(),
  order: z.union([z.literal(1), z.literal(2)]).default(1),
  users: z.int().positive().default(400),
  epochs: z.int().positive().default(6),
  longLayers: z.int().nonnegative().default(0),
  exhaustive: z.boolean().default(false),
});
type Plan = z.output<typeof plantedSchema>;

const NOISE = 0.1;
const NETWORK = {
  length: 30,
  dim: 32,
  layers: 1,
  sequenceHidden: 32,
  channelHidden: 32,
  dropout: 0,
};
const SETTINGS = {
  loss: "ce",
  trainNegatives: 1,
  trainDistribution: "uniform",
  rate: 5e-3,
  batchSize: 256,
} as const;

interface Outcome {
  distance: number;
  seed: number;
  selected: number;
  /** HR@1 on test, protocol full: the planted item against all. */
  hit: number;
  /** HR@1 on validation of the network with the selected length, less the best that any candidate reaches. */
  behind?: number;
  /** The standard error of that best. */
  standardError?: number;
}

/** Trains a network with one length; HR@1 among all items, with its standard error. */
async function trained(
  engine: Engine,
  dataset: SequenceDataset,
  { epochs, longLayers }: Plan,
  seed: number,
  length: number,
): Promise<Record<"validation" | "test", { hit: number; error: number }>> {
  const network = networkFor(dataset, { ...NETWORK, longLayers, candidates: [length] });
  const training = new Training(engine, dataset, network, {
    ...SETTINGS,
    ...{ seed, epochs, patience: epochs, metric: "HR@1", protocol: "full" },
  });
  const model = await training.run();
  const hits = async (split: "validation" | "test") => {
    const options = { split, protocols: ["full"], ks: [1], keepSeen: true };
    const { metrics, standardErrors } = await evaluate(model, dataset, options);
    return { hit: metrics.full["HR@1"], error: standardErrors.full["HR@1"] };
  };
  const found = { validation: await hits("validation"), test: await hits("test") };
  training.dispose();
  return found;
}

async function trial(plan: Plan, distance: number, seed: number, dir: string): Promise<Outcome> {
  const path = `${dir}/planted.csv`;
  Deno.writeTextFileSync(
    path,
    plantedCsv({ distance, seed, users: plan.users, length: distance + 30, items: 40, noise: NOISE }),
  );
  const { dataset } = await prepare({
    data: path,
    out: `${dir}/dataset`,
    evalNegatives: 10,
    protocols: ["recbole"],
  });
  const engine = await openEngine(), { candidates, epochs, relaxation, order, longLayers } = plan;
  const search = new Search(engine, dataset, networkFor(dataset, { ...NETWORK, longLayers, candidates }), {
    ...SETTINGS,
    ...{ seed, epochs, relaxation, order, warmup: 0.3, alphaRate: 0.02, alphaData: 0.3, every: 20 },
  });
  const { shortTermLength: selected } = await search.run();
  search.dispose();
  const { validation, test } = await trained(engine, dataset, plan, seed, selected);
  const outcome: Outcome = { distance, seed, selected, hit: test.hit };
  if (!plan.exhaustive) return outcome;
  let best = validation;
  for (const length of candidates.filter((candidate) => candidate !== selected)) {
    const { validation: other } = await trained(engine, dataset, plan, seed, length);
    if (other.hit > best.hit) best = other;
  }
  return { ...outcome, behind: validation.hit - best.hit, standardError: best.error };
}

async function benchPlanted(plan: Plan, { progress = silent, signal }: StageContext): Promise<BenchResult> {
  const dir = await Deno.makeTempDir({ prefix: "automlp-bench-" });
  const outcomes: Outcome[] = [];
  const task = progress.start(
    "searching for planted distances",
    plan.distances.length * plan.seeds,
    "trials",
  );
  try {
    for (const distance of plan.distances) {
      for (let seed = 1; seed <= plan.seeds; seed++) {
        checkInterrupt(signal, "searching for planted distances");
        outcomes.push(await trial(plan, distance, seed, dir));
        task.advance(1);
      }
    }
  } finally {
    task.end();
    await Deno.remove(dir, { recursive: true });
  }
  const rows = plan.distances.map((distance) => {
    const own = outcomes.filter((outcome) => outcome.distance === distance);
    const lengths = own.map(({ selected }) => selected);
    return [
      distance,
      own.filter(({ selected }) => selected < distance).length,
      [...new Set(lengths)].sort((a, b) => a - b).map((k) =>
        `${k} × ${lengths.filter((l) => l === k).length}`
      )
        .join(", "),
      Number(median(own.map(({ hit }) => hit)).toFixed(3)),
      Math.min(...own.map(({ hit }) => hit)),
      ...(plan.exhaustive
        ? [
          own.filter(({ behind, standardError }) => -behind! <= standardError!).length,
          Math.min(...own.map(({ behind }) => behind!)),
        ]
        : []),
    ];
  });
  return {
    tables: [{
      caption: `Planted distances, ${plan.seeds} seeds each; candidates ${plan.candidates.join(", ")}`,
      columns: [
        ...["distance", "selected below it", "selected", "HR@1", "least HR@1"],
        ...(plan.exhaustive ? ["within one standard error of the best", "farthest behind"] : []),
      ],
      rows,
    }],
    notes: [
      `HR@1 of the retrained network on test among all items, median; ${
        1 - NOISE
      } is about the most there is.`,
    ],
    data: { plan, outcomes },
  };
}

export const plantedBench: Bench = {
  spec: {
    name: "bench planted",
    summary: "Whether the search finds a planted distance, and the retrained network the planted item.",
    options: {
      "What is tried": fillFromSchema(plantedSchema.shape, {
        all: {
          distances: { kind: "list", value: "K,K,…", help: "planted distances" },
          candidates: { kind: "list", value: "K,K,…", help: "lengths to choose from" },
          seeds: { kind: "number", value: "N", help: "trials of each distance" },
          relaxation: {
            kind: "text",
            help: "what softmax(α) weighs",
            fallback: "losses; outputs with --order 2",
          },
          order: { kind: "number", value: "1|2", help: "order of the search" },
          users: { kind: "number", value: "N", help: "users of a trial" },
          epochs: { kind: "number", value: "N", help: "epochs of search and of training" },
          longLayers: { kind: "number", value: "L", help: "layers of the long-term module" },
          exhaustive: {
            kind: "flag",
            help: "train every candidate, and compare the selected one with the best on validation",
          },
        },
      }).all,
    },
    examples: ["deno task bench planted", "deno task bench planted --long-layers 1 --exhaustive --seeds 3"],
  },
  run: (values, context) => benchPlanted(checkConfig(plantedSchema, values), context),
};
