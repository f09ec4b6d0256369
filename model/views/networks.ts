/**
 * The number of networks in a run's model.
 *
 * @module
 */
import type { RunFacts } from "../records/records.ts";

/** Number of networks whose scores are averaged: one for most runs, and for all runs of earlier versions. */
export const networksOf = ({ ensemble }: RunFacts["config"]): number =>
  typeof ensemble === "number" ? ensemble : 1;
