/**
 * Schema of the plain data in a search's checkpoint. The data may come from a damaged disk or from another person.
 *
 * @module
 */
import { z } from "zod";
import { droppedSchema, searchRecordSchema } from "../records/schemas.ts";
import { count, epoch, seconds } from "../train/checkpoint_state.ts";

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
export const trialStateSchema = z.object({ trial: count });

/** State of a search, apart from the tensors. */
export const searchStateSchema = z.object({
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
