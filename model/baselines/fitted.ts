/**
 * What a baseline gives that has learnt.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { type Recommender, recommenderWithDisplay } from "../recommender.ts";
import { trainedOn } from "../trained_on.ts";

/** A fitted method, which shows itself and is known to be one of its dataset. */
export const fitted = <R extends Recommender>(recommender: R, dataset: SequenceDataset): R =>
  trainedOn(recommenderWithDisplay(recommender), dataset);
