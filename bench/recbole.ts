/**
 * `deno task bench recbole`: our methods beside RecBole's, on the same export.
 *
 * @module
 */
import { resolve } from "node:path";
import { z } from "zod";
import { checkInterrupt, didYouMean, InputError, RunError } from "../pipeline/contract/errors.ts";
import { silent } from "../pipeline/contract/progress.ts";
import { DEFAULT_SEED } from "../pipeline/contract/random.ts";
import type { StageContext } from "../pipeline/contract/stage.ts";
import type { Table } from "../pipeline/display/table.ts";
import { checkConfig } from "../pipeline/terminal/config.ts";
import { fillFromSchema } from "../pipeline/terminal/schema_options.ts";
import { evaluate, exportDataset, openEngine, readDataset, type SequenceDataset } from "../mod.ts";
import type { Bench, BenchResult } from "./bench.ts";
import { findPython } from "./python.ts";
import { type Course, type Pair, PAIRS } from "./recbole_pairs.ts";
import { RECBOLE_SCRIPT, type RecboleResult, runRecbole } from "./recbole_peer.ts";
import { type PartDigest, positivesDigests } from "./recbole_positives.ts";

const whole = z.coerce.number().int().positive();
const schema = z.strictObject({
  data: z.string(),
  methods: z.array(z.string()).default(Object.keys(PAIRS)),
  limit: z.number().positive().default(600),
  epochs: whole.default(300),
  threads: whole.default(1),
  seed: z.int().nonnegative().default(DEFAULT_SEED),
  recboleBatch: whole.optional(),
});

/** What is compared, and how far it goes. */
export type RecbolePlan = z.output<typeof schema>;

/** The cut-off of every metric, and the longest history: the default of both sides. */
const K = 10, LENGTH = 50;
const METRICS = [`HR@${K}`, `NDCG@${K}`, `MRR@${K}`] as const;

/** One side's run of one method. */
interface Outcome extends Course {
  method: string;
  side: "ours" | "RecBole";
  /** NDCG on validation. */
  validation: number;
  metrics: Record<(typeof METRICS)[number], number>;
  /** Of NDCG on test; ours only. */
  standardError?: number;
  parameters: number;
}

/** Compares what the plan says. */
export async function benchRecbole(plan: RecbolePlan, context: StageContext = {}): Promise<BenchResult> {
  for (const name of plan.methods) {
    if (Object.hasOwn(PAIRS, name)) continue;
    const names = Object.keys(PAIRS);
    throw new InputError(
      `Cannot compare "${name}"${didYouMean(name, names)}: both sides have ${names.join(", ")}`,
    );
  }
  const dataset = await readDataset(plan.data);
  const found = await findPython(RECBOLE_SCRIPT, "recbole", "RecBole");
  if ("absent" in found) throw new InputError(`Cannot compare with RecBole: ${found.absent}`);
  const engine = await openEngine({ threads: plan.threads });
  const folder = await Deno.makeTempDir({ prefix: "automlp-bench-" });
  const outcomes: Outcome[] = [];
  try {
    const out = `${folder}/export`;
    await exportDataset(dataset, { to: "recbole", out, maxLength: LENGTH });
    for (const name of plan.methods) {
      checkInterrupt(context.signal, "comparing");
      const pair = PAIRS[name];
      outcomes.push(await ours(name, pair, dataset, plan, context));
      outcomes.push(await theirs(name, pair, dataset, { plan, out, python: found.python }, context));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  const largest = Math.max(...outcomes.map(({ standardError = 0 }) => standardError));
  return {
    tables: [tableOf(outcomes, plan, dataset)],
    notes: [
      "Both sides had the same users, histories and targets in training, validation and test, by a digest of all of them, and ranked the " +
      `same ${dataset.items} items, seen ones too.`,
      `The standard error of NDCG@${K} on test is at most ${largest.toFixed(4)} (ours).`,
      `Ours computes with ${engine.explanation}; RecBole with PyTorch, threads: ${plan.threads}.`,
    ],
    data: { bench: "recbole", plan, dataset: dataset.manifest.hash, outcomes },
  };
}

function ours(name: string, pair: Pair, dataset: SequenceDataset, plan: RecbolePlan, context: StageContext) {
  const options = {
    ...{ protocols: ["full"], ks: [K], keepSeen: true },
    ...{ progress: silent, signal: context.signal },
  };
  return pair.ours(dataset, plan, context, async (model, course): Promise<Outcome> => {
    const validation = await evaluate(model, dataset, { ...options, split: "validation" });
    const test = await evaluate(model, dataset, options);
    return {
      ...{ method: name, side: "ours", parameters: model.parameters, ...course },
      validation: validation.metrics.full[`NDCG@${K}`],
      metrics: test.metrics.full as Outcome["metrics"],
      standardError: test.standardErrors.full[`NDCG@${K}`],
    };
  });
}

async function theirs(
  name: string,
  pair: Pair,
  dataset: SequenceDataset,
  { plan, out, python }: { plan: RecbolePlan; out: string; python: string },
  context: StageContext,
): Promise<Outcome> {
  const { threads, limit, seed, epochs, recboleBatch } = plan;
  const config = {
    ...pair.config(dataset),
    ...{ seed, epochs },
    ...(recboleBatch && { train_batch_size: recboleBatch }),
  };
  const request = { python, folder: out, method: pair.recbole, threads, limit, config };
  const { parts, ranked, ...outcome } = await runRecbole(request, context);
  checkSame(pair, dataset, { parts, ranked });
  return { method: name, side: "RecBole", ...outcome };
}

/** @throws {RunError} where the two sides were not asked the same. */
function checkSame(
  { recbole, ordered }: Pair,
  dataset: SequenceDataset,
  { parts, ranked }: Pick<RecboleResult, "parts" | "ranked">,
): void {
  const expected: Record<string, PartDigest> = positivesDigests(dataset, ordered ? LENGTH : undefined);
  for (const [part, { positives, digest }] of Object.entries(parts)) {
    if (expected[part].digest === digest) continue;
    throw new RunError(
      `Cannot compare with RecBole's ${recbole}: its ${positives} ${part} positives are not the ${
        expected[part].positives
      } of the dataset`,
    );
  }
  const other = ranked.find((items) => items !== dataset.items);
  if (other !== undefined) {
    throw new RunError(
      `Cannot compare with RecBole's ${recbole}: it ranked ${other} items, not all ${dataset.items}`,
    );
  }
}

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

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
        data: { kind: "text", value: "DIR", help: "a dataset folder of deno task prepare" },
        methods: { kind: "list", value: "NAMES", help: "methods, by our names" },
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
      "AUTOMLP_PYTHON=… deno task bench recbole --data data/ml-100k",
      "AUTOMLP_PYTHON=… deno task bench recbole --data data/ml-100k --methods sasrec --recbole-batch 128",
    ],
  },
  async run(values, context) {
    if (values.data === undefined) {
      throw new InputError("Cannot compare without a dataset: give its folder with --data DIR");
    }
    const plan = checkConfig(schema, values, "the options");
    return await benchRecbole({ ...plan, data: resolve(plan.data) }, context);
  },
};
