/**
 * What the plain data of a training's checkpoint must be. They may come from a damaged disk or from somebody else.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { epochsDone } from "../records/epochs.ts";
import { trainRecordSchema } from "../records/schemas.ts";

/** No training has so many; a place in the data beyond it is no place. */
const MAX_EPOCHS = 1_000_000;

export const count = z.int().nonnegative();
export const epoch = z.int().nonnegative().max(MAX_EPOCHS);
export const seconds = z.number().nonnegative();

/** Of a training, beside the tensors. */
export const trainingStateSchema = z.object({
  /** Steps of Adam. */
  step: count,
  bestEpoch: epoch,
  epoch,
  batch: count,
  /** Examples of each part of a dataset in parts. */
  parts: z.array(count).optional(),
  lossSum: z.number(),
  seconds,
  history: z.array(trainRecordSchema),
}).superRefine(({ bestEpoch, epoch, batch, history }, context) => {
  const wrong = (path: string, message: string) =>
    context.addIssue({ code: "custom", path: [path], message });
  const places = history.map(epochsDone);
  const last = batch > 0 ? epoch + 1 : epoch; // one that a deadline cut is on record, too
  if (places.some((done, i) => done <= (places[i - 1] ?? 0) || history[i].epoch > last)) {
    wrong("history", `its epochs are not in order up to ${last}`);
  }
  if (bestEpoch > 0 && !history.some((record) => record.epoch === bestEpoch)) {
    wrong("bestEpoch", `epoch ${bestEpoch} is not in the history`);
  }
});

/**
 * A checkpoint that cannot be what was written.
 *
 * @param from Its path.
 * @param problem As in `batch: 1000000 of 12`.
 */
export const damagedCheckpoint = (from: string, problem: string): InputError =>
  new InputError(`Cannot resume from ${from}: it is damaged (${problem}); remove it to begin again`);

/** A checkpoint whose place in the data is none in these. */
export const otherParts = (from: string): InputError =>
  new InputError(
    `Cannot resume from ${from}: it was written within an epoch, when the dataset was divided into other parts; prepare the dataset with the ` +
      "same --part-rows, or remove the checkpoint to begin again",
  );

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
