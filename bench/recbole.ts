/**
 * `deno task bench recbole`: our methods beside RecBole's, on the same export.
 *
 * @module
 */
import { resolve } from "node:path";
import { z } from "zod";
import { checkInterrupt, didYouMean, InputError } from "../pipeline/contract/errors.ts";
import { DEFAULT_SEED } from "../pipeline/contract/random.ts";
import type { StageContext } from "../pipeline/contract/stage.ts";
import type { Table } from "../pipeline/display/table.ts";
import { checkConfig } from "../pipeline/terminal/config.ts";
import { fillFromSchema } from "../pipeline/terminal/schema_options.ts";
import { exportDataset, openEngine, readDataset, type SequenceDataset } from "../mod.ts";
import type { Bench, BenchResult } from "./bench.ts";
import { findPython, rounded } from "./measure.ts";
import { PAIRS } from "./recbole_pairs.ts";
import { RECBOLE_SCRIPT } from "./recbole_peer.ts";
import { type Comparison, K, LENGTH, METRICS, type Outcome, SIDES } from "./recbole_sides.ts";

const whole = z.coerce.number().int().positive();
const schema = z.strictObject({
  dataset: z.string(),
  methods: z.array(z.string()).default(Object.keys(PAIRS)),
  sides: z.array(z.enum(["ours", "recbole"])).default(["ours", "recbole"]),
  limit: z.number().positive().default(600),
  epochs: whole.default(300),
  threads: whole.default(1),
  seed: z.int().nonnegative().default(DEFAULT_SEED),
  recboleBatch: whole.optional(),
});

/** What is compared, and how far it goes. */
export type RecbolePlan = z.output<typeof schema>;

/** Compares what the plan says. */
export async function benchRecbole(plan: RecbolePlan, context: StageContext = {}): Promise<BenchResult> {
  for (const name of plan.methods) {
    if (Object.hasOwn(PAIRS, name)) continue;
    const names = Object.keys(PAIRS);
    throw new InputError(
      `Cannot compare "${name}"${didYouMean(name, names)}: both sides have ${names.join(", ")}`,
    );
  }
  const dataset = await readDataset(plan.dataset);
  const python = await pythonFor(plan), engine = await openEngine({ threads: plan.threads });
  const folder = await Deno.makeTempDir({ prefix: "automlp-bench-" });
  const comparison: Comparison = { ...plan, dataset, python, folder: `${folder}/export` };
  const outcomes: Outcome[] = [];
  try {
    await exportDataset(dataset, { to: "recbole", out: comparison.folder, maxLength: LENGTH });
    for (const name of plan.methods) {
      for (const side of plan.sides) {
        checkInterrupt(context.signal, "comparing");
        outcomes.push(await SIDES[side](name, comparison, context));
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return {
    tables: [tableOf(outcomes, plan, dataset)],
    notes: [
      ...(plan.sides.includes("recbole")
        ? [
          "Both sides had the same users, histories and targets in training, validation and test, by a digest of all of them, and ranked " +
          `the same ${dataset.items} items, seen ones too.`,
        ]
        : []),
      `Ours computes with ${engine.explanation}; RecBole with PyTorch, threads: ${plan.threads}.`,
    ],
    data: { bench: "recbole", plan, dataset: dataset.manifest.hash, outcomes },
  };
}

/** A Python that has RecBole, if it is needed. */
async function pythonFor({ sides }: RecbolePlan): Promise<string> {
  if (!sides.includes("recbole")) return "";
  const found = await findPython(RECBOLE_SCRIPT, "recbole", "RecBole");
  if ("absent" in found) throw new InputError(`Cannot compare with RecBole: ${found.absent}`);
  return found.python;
}

function tableOf(outcomes: Outcome[], { limit, seed }: RecbolePlan, dataset: SequenceDataset): Table {
  return {
    caption:
      `${dataset.manifest.name}: all items ranked, seen ones too; seed ${seed}; at most ${limit} s of the processor each`,
    columns: [
      ...[
        "method",
        "side",
        ...METRICS,
        `validation NDCG@${K}`,
        "epochs (kept)",
        "ended by",
        "processor s",
        "parameters",
      ],
    ],
    rows: outcomes.map((outcome) => [
      outcome.method,
      outcome.side,
      ...METRICS.map((metric) => rounded(outcome.metrics[metric], 4)),
      rounded(outcome.validation, 4),
      `${outcome.epochs} (${outcome.bestEpoch})`,
      outcome.ended,
      rounded(outcome.seconds, 1),
      outcome.parameters,
    ]),
  };
}

/** Our methods beside RecBole's. */
export const recboleBench: Bench = {
  spec: {
    name: "bench recbole",
    summary: "Our methods beside RecBole's on the same dataset: metrics on test, epochs, time.",
    options: fillFromSchema(schema.shape, {
      "What is compared": {
        dataset: { kind: "text", value: "DIR", help: "folder of a prepared dataset" },
        methods: { kind: "list", value: "NAMES", help: "methods, by our names" },
        sides: { kind: "list", value: "NAMES", help: "ours, recbole or both" },
        seed: { kind: "number", value: "N", help: "of weights and order, on both sides" },
      },
      "How far it goes": {
        limit: {
          kind: "number",
          value: "S",
          help: "no epoch begins that would end after so many seconds of the processor",
        },
        epochs: { kind: "number", value: "N", help: "at most so many, on both sides" },
        threads: { kind: "number", value: "N", help: "of both sides" },
        recboleBatch: {
          kind: "number",
          value: "N",
          help: "targets of a training step of RecBole",
          fallback: "its own, 2048",
        },
      },
    }),
    examples: [
      "AUTOMLP_PYTHON=… deno task bench recbole --dataset data/ml-100k",
      "AUTOMLP_PYTHON=… deno task bench recbole --dataset data/ml-100k --methods sasrec --recbole-batch 128",
    ],
  },
  async run(values, context) {
    if (values.dataset === undefined) {
      throw new InputError("Cannot compare without a dataset: give its folder with --dataset DIR");
    }
    const plan = checkConfig(schema, values, "the options");
    return await benchRecbole({ ...plan, dataset: resolve(plan.dataset) }, context);
  },
};
