/**
 * The result of fitting a baseline.
 *
 * @module
 */
import type { SequenceDataset } from "../../../pipeline/contract/dataset.ts";
import { type Recommender, recommenderWithDisplay } from "../../recommender.ts";
import { trainedOn } from "../../trained_on.ts";

/** Returns a fitted method that displays itself and is marked as trained on its dataset. */
export const fitted = <R extends Recommender>(recommender: R, dataset: SequenceDataset): R =>
  trainedOn(recommenderWithDisplay(recommender), dataset);
