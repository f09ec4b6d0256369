/**
 * The number of networks in a run's model.
 *
 * @module
 */
import type { RunFacts } from "../records/records.ts";

/** Number of networks whose scores are averaged: one for most runs. */
export const networksOf = ({ training: { ensemble = 1 } }: RunFacts["config"]): number => ensemble;
