/**
 * Which parts of a dataset a model has learnt, by the word in the records.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { withoutHoldOut } from "../../pipeline/contract/dataset/without_hold_out.ts";
import type { TrainOn } from "../records/records.ts";

/** The dataset in the form in which it is learnt. */
export const learntAs = (dataset: SequenceDataset, trainOn: TrainOn | undefined): SequenceDataset =>
  trainOn === undefined
    ? dataset
    : withoutHoldOut(dataset, trainOn === "all-but-test" ? { keep: "test" } : {});

/** The word for what is learnt of a dataset; undefined for the training part alone. */
export function trainOnOf({ heldOut }: Pick<SequenceDataset, "heldOut">): TrainOn | undefined {
  if (heldOut.includes("validation")) return undefined;
  return heldOut.includes("test") ? "all-but-test" : "all";
}
