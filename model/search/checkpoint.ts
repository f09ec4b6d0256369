/**
 * Checkpoints of a search: its state as tensors and plain data; see `train/checkpoint.ts`.
 *
 * @module
 */
import type { Checkpoint } from "../records/checkpoint.ts";
import { packTraining, unpackTraining } from "../train/checkpoint.ts";
import { count, damagedCheckpoint, epoch, parseState, seconds } from "../train/checkpoint_state.ts";
import { byKind, packOptimizer, SOMEWHERE, unpackOptimizer } from "../train/checkpoint_tensors.ts";
import type { TrainingState } from "../train/state.ts";
import type { SearchState } from "./state.ts";
import { z } from "zod";
import { droppedSchema, searchRecordSchema } from "../records/schemas.ts";

/** Packs the state of one training of an exhaustive search into a checkpoint. */
export function packTrial(trial: number, training: TrainingState): Checkpoint {
  const { tensors, state } = packTraining(training);
  return { tensors, state: { ...state as object, trial } };
}

/**
 * Unpacks the saved state of one training of an exhaustive search, and the place of its candidate.
 *
 * @param from Where the checkpoint comes from, for messages.
 * @throws {InputError} if it is damaged.
 */
export function unpackTrial(
  checkpoint: Checkpoint,
  from: string = SOMEWHERE,
): { trial: number; training: TrainingState } {
  const { trial } = parseState(trialStateSchema, checkpoint.state, from);
  return { trial, training: unpackTraining(checkpoint, from) };
}

/**
 * Packs the state of a search into a checkpoint.
 *
 * @example
 * ```ts
 * import { networkFor, openEngine, packSearch, prepare, RunFolder, Search } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const network = networkFor(dataset, { lengths: [2, 5], length: 10, dim: 8, layers: 1 });
 * const search = new Search(await openEngine(), dataset, network, { epochs: 1 });
 * search.step();
 * await RunFolder.create(`${out}-run`).writeCheckpoint("search", packSearch(search.state()));
 * search.dispose();
 * ```
 */
export function packSearch(state: SearchState): Checkpoint {
  const { optimizer, ...rest } = state;
  return { tensors: packOptimizer(optimizer), state: { ...rest, step: optimizer.step } };
}

/**
 * Unpacks the state of a search from a checkpoint.
 *
 * @param from Where the checkpoint comes from, for messages.
 * @throws {InputError} if it is damaged.
 * @example
 * ```ts
 * import { networkFor, openEngine, packSearch, prepare, Search, unpackSearch } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const network = networkFor(dataset, { lengths: [2, 5], length: 10, dim: 8, layers: 1 });
 * const search = new Search(await openEngine(), dataset, network, { epochs: 1 });
 * search.step();
 * const other = new Search(await openEngine(), dataset, network, { epochs: 1 });
 * other.restore(unpackSearch(packSearch(search.state())));
 * assert.equal(other.steps.done, 1);
 * search.dispose();
 * other.dispose();
 * ```
 */
export function unpackSearch(checkpoint: Checkpoint, from: string = SOMEWHERE): SearchState {
  const { tensors, state } = checkpoint;
  const { step, ...rest } = parseState(searchStateSchema, state, from);
  const found = byKind(tensors, from);
  if (found.best.size > 0) throw damagedCheckpoint(from, "a search has no best epoch");
  if (found.average.size > 0) throw damagedCheckpoint(from, "a search averages no weights");
  return { ...rest, optimizer: unpackOptimizer(found, step, from) };
}

/** α or the calibration, with its moments. */
const adamSchema = z.object({
  step: count,
  values: z.array(z.number()),
  first: z.array(z.number()),
  second: z.array(z.number().nonnegative()),
}).refine(({ values, first, second }) => first.length === values.length && second.length === values.length, {
  message: "its moments are not as many as its values",
});

/** A loss. Candidates that were dropped have none, which JSON writes as null. */
const loss = z.number().nullable().transform((value) => value ?? NaN);

/** State of a training in an exhaustive search: the number of the candidate it trains. */
const trialStateSchema = z.object({ trial: count });

/** State of a search, apart from the tensors. */
const searchStateSchema = z.object({
  step: count,
  alpha: adamSchema,
  calibration: adamSchema.refine(({ values }) => values.length === 1, { message: "it is not one number" }),
  train: z.tuple([epoch, count]),
  /** The validation part is small and is gone through many times, so its epoch number has no upper bound here. */
  validation: z.tuple([count, count]),
  heldOut: z.tuple([count, count]),
  /** Number of examples in each part of a dataset in parts. */
  parts: z.array(count).optional(),
  comparison: z.object({
    judgements: z.array(z.object({ step: count, batch: count, targets: count, losses: z.array(loss) })),
    dropped: z.array(droppedSchema),
    worse: z.array(count),
  }),
  seconds,
  sums: z.tuple([z.number(), z.number(), count, count]),
  history: z.array(searchRecordSchema),
}).superRefine(({ alpha: { values }, comparison: { judgements, dropped, worse }, history }, context) => {
  const other = history.findIndex(({ alpha, probabilities }) =>
    alpha.length !== values.length || probabilities.length !== values.length
  );
  if (other >= 0) {
    context.addIssue({
      code: "custom",
      path: ["history", other],
      message: `it has not ${values.length} candidates`,
    });
  }
  if (
    judgements.some(({ losses }) => losses.length !== values.length) ||
    dropped.some(({ candidate }) => candidate >= values.length) ||
    worse.some((candidate) => candidate >= values.length)
  ) {
    context.addIssue({
      code: "custom",
      path: ["comparison"],
      message: `it is not one of ${values.length} candidates`,
    });
  }
});
