/**
 * What the plain data of a checkpoint must be. They may come from a damaged disk or from somebody else.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { searchRecordSchema, trainRecordSchema } from "../run/schemas.ts";

/** No training has so many; a place in the data beyond it is no place. */
const MAX_EPOCHS = 1_000_000;

const count = z.int().nonnegative();
const epoch = z.int().nonnegative().max(MAX_EPOCHS);
const seconds = z.number().nonnegative();

/** α or the calibration with its moments. */
const adamSchema = z.object({
  step: count,
  values: z.array(z.number()),
  first: z.array(z.number()),
  second: z.array(z.number().nonnegative()),
}).refine(({ values, first, second }) => first.length === values.length && second.length === values.length, {
  message: "its moments are not as many as its values",
});

/** Of a training, beside the tensors. */
export const trainingStateSchema = z.object({
  /** Steps of Adam. */
  step: count,
  bestEpoch: epoch,
  epoch,
  batch: count,
  lossSum: z.number(),
  seconds,
  history: z.array(trainRecordSchema),
}).superRefine(({ bestEpoch, epoch, history }, context) => {
  const wrong = (path: string, message: string) =>
    context.addIssue({ code: "custom", path: [path], message });
  const epochs = history.map((record) => record.epoch);
  if (epochs.some((number, i) => number <= (epochs[i - 1] ?? 0) || number > epoch)) {
    wrong("history", `its epochs are not in order up to ${epoch}`);
  }
  if (bestEpoch > 0 && !epochs.includes(bestEpoch)) {
    wrong("bestEpoch", `epoch ${bestEpoch} is not in the history`);
  }
});

/** Of a training in an exhaustive search: it is that of candidate number `trial`. */
export const trialStateSchema = z.object({ trial: count });

/** Of a search, beside the tensors. */
export const searchStateSchema = z.object({
  step: count,
  alpha: adamSchema,
  calibration: adamSchema.refine(({ values }) => values.length === 1, { message: "it is not one number" }),
  train: z.tuple([epoch, count]),
  /** The validation part is small, and gone through often. */
  validation: z.tuple([count, count]),
  seconds,
  sums: z.tuple([z.number(), z.number(), count]),
  history: z.array(searchRecordSchema),
}).superRefine(({ alpha: { values }, history }, context) => {
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
});

/**
 * A checkpoint that cannot be what was written.
 *
 * @param from Its path.
 * @param problem As in `batch: 1000000 of 12`.
 */
export const damagedCheckpoint = (from: string, problem: string): InputError =>
  new InputError(`Cannot go on from ${from}: it is damaged (${problem}); remove it to begin again`);

/**
 * The data of a checkpoint, checked.
 *
 * @throws {InputError} if they do not fit the schema.
 */
export function parseState<T>(schema: z.ZodType<T>, state: unknown, from: string): T {
  const parsed = schema.safeParse(state);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw damagedCheckpoint(from, `${path.join(".") || "state"}: ${message}`);
}
