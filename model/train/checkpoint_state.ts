/**
 * Schema of the plain data in a training's checkpoint. The data may come from a damaged disk or from another person.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { epochsDone } from "../records/epochs.ts";
import { trainRecordSchema } from "../records/schemas.ts";

/** More epochs than any training has; a place in the data beyond it is invalid. */
const MAX_EPOCHS = 1_000_000;

export const count = z.int().nonnegative();
export const epoch = z.int().nonnegative().max(MAX_EPOCHS);
export const seconds = z.number().nonnegative();

/** State of a training, apart from the tensors. */
export const trainingStateSchema = z.object({
  /** Number of Adam's steps. */
  step: count,
  bestEpoch: epoch,
  epoch,
  batch: count,
  /** Number of examples in each part of a dataset in parts. */
  parts: z.array(count).optional(),
  lossSum: z.number(),
  seconds,
  history: z.array(trainRecordSchema),
}).superRefine(({ bestEpoch, epoch, batch, history }, context) => {
  const wrong = (path: string, message: string) =>
    context.addIssue({ code: "custom", path: [path], message });
  const places = history.map(epochsDone);
  const last = batch > 0 ? epoch + 1 : epoch; // an epoch that a deadline cut short is recorded too
  if (places.some((done, i) => done <= (places[i - 1] ?? 0) || history[i].epoch > last)) {
    wrong("history", `its epochs are not in order up to ${last}`);
  }
  if (bestEpoch > 0 && !history.some((record) => record.epoch === bestEpoch)) {
    wrong("bestEpoch", `epoch ${bestEpoch} is not in the history`);
  }
});

/**
 * The error for a checkpoint that cannot be what was written.
 *
 * @param from Its path.
 * @param problem The problem, as in `batch: 1000000 of 12`.
 */
export const damagedCheckpoint = (from: string, problem: string): InputError =>
  new InputError(`Cannot resume from ${from}: it is damaged (${problem}); remove it to begin again`);

/** The error for a checkpoint whose place in the data does not exist in these parts. */
export const otherParts = (from: string): InputError =>
  new InputError(
    `Cannot resume from ${from}: it was written within an epoch, when the dataset was divided into other parts; prepare the dataset with the ` +
      "same --part-rows, or remove the checkpoint to begin again",
  );

/**
 * Checks the data of a checkpoint and returns them.
 *
 * @throws {InputError} if they do not fit the schema.
 */
export function parseState<T>(schema: z.ZodType<T>, state: unknown, from: string): T {
  const parsed = schema.safeParse(state);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw damagedCheckpoint(from, `${path.join(".") || "state"}: ${message}`);
}
