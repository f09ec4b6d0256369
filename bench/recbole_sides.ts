/**
 * The two sides of a comparison with RecBole: each trains a method and tests it, ranking all items, including seen ones.
 *
 * @module
 */
import { evaluate, type SequenceDataset } from "../mod.ts";
import { RunError } from "../pipeline/contract/errors.ts";
import { silent } from "../pipeline/contract/progress.ts";
import type { StageContext } from "../pipeline/contract/stage.ts";
import { type Bounds, type Course, type Pair, PAIRS } from "./recbole_pairs.ts";
import { type RecboleResult, runRecbole } from "./recbole_peer.ts";
import { type PartDigest, positivesDigests } from "./recbole_positives.ts";

/** The cut-off of every metric, and the longest history: the default of both sides. */
export const K = 10, LENGTH = 50;
export const METRICS = [`HR@${K}`, `NDCG@${K}`, `MRR@${K}`] as const;

/** One side's run of one method. */
export interface Outcome extends Course {
  method: string;
  side: "ours" | "RecBole";
  /** NDCG on validation. */
  validation: number;
  /** On test. */
  metrics: Record<(typeof METRICS)[number], number>;
  /** Standard error of NDCG on test; only for our side. */
  standardError?: number;
  parameters: number;
}

/** Input of both sides. */
export interface Comparison extends Bounds {
  dataset: SequenceDataset;
  /** The dataset as RecBole reads it. */
  folder: string;
  python: string;
  threads: number;
  /** Targets of a training step of RecBole, if not its own default. */
  recboleBatch?: number;
}

/** Trains and tests a method, by our name. */
type Side = (name: string, comparison: Comparison, context: StageContext) => Promise<Outcome>;

/** Both sides, by the name that the command line takes. */
export const SIDES: Record<"ours" | "recbole", Side> = { ours, recbole: theirs };

function ours(name: string, comparison: Comparison, context: StageContext): Promise<Outcome> {
  const { dataset } = comparison;
  const options = {
    protocols: ["full" as const],
    ks: [K],
    keepSeen: true,
    logitAdjustment: 0,
    progress: silent,
    signal: context.signal,
  };
  return PAIRS[name].ours(dataset, comparison, context, async (model, course): Promise<Outcome> => {
    const validation = await evaluate(model, dataset, { ...options, split: "validation" });
    const test = await evaluate(model, dataset, options);
    return {
      method: name,
      side: "ours",
      parameters: model.parameters,
      ...course,
      validation: validation.metrics.full[`NDCG@${K}`],
      metrics: test.metrics.full as Outcome["metrics"],
      standardError: test.standardErrors.full[`NDCG@${K}`],
    };
  });
}

async function theirs(name: string, comparison: Comparison, context: StageContext): Promise<Outcome> {
  const { dataset, recboleBatch, seed, epochs, python, folder, threads, limit } = comparison;
  const pair = PAIRS[name];
  const config = {
    ...pair.config(dataset),
    seed,
    epochs,
    ...(recboleBatch && { train_batch_size: recboleBatch }),
  };
  const request = { python, folder, method: pair.recbole, threads, limit, config };
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
