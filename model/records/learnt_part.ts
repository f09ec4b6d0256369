/**
 * What of the data a model has learnt, in words.
 *
 * @module
 */
import type { TrainOn } from "./records.ts";

/** As in `trained on the training part`. */
export const learntPart = (trainOn: TrainOn | undefined): string => WORDS[trainOn ?? "train"];

const WORDS: Readonly<Record<TrainOn | "train", string>> = {
  train: "the training part",
  "all-but-test": "all of the data but the test part",
  all: "all of the data",
};
