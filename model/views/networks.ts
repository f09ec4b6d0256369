/**
 * How many networks a run's model is.
 *
 * @module
 */
import type { RunFacts } from "../records/records.ts";

/** Those whose scores are averaged; of most runs, and of all of earlier versions, one. */
export const networksOf = ({ ensemble }: RunFacts["config"]): number =>
  typeof ensemble === "number" ? ensemble : 1;
