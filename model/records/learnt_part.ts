/**
 * The parts of the data that a model has learnt from, in words.
 *
 * @module
 */
import type { TrainOn } from "./records.ts";

/** The part of the data, to follow `trained on`, as in `trained on the training part`. */
export const learntPart = (trainOn: TrainOn | undefined): string => WORDS[trainOn ?? "train"];

const WORDS: Readonly<Record<TrainOn | "train", string>> = {
  train: "the training part",
  "all-but-test": "all of the data but the test part",
  all: "all of the data",
};
