/**
 * Where the stages of a preparation run: on this machine or on a cluster.
 *
 * @module
 */
import type { contextOf } from "./contract/context.ts";
import type { Inputs } from "./inputs.ts";
import type { InScratch } from "./scratch.ts";
import type { Outcome } from "./stages.ts";
import type { SourceCheck } from "./unchanged.ts";

/** The progress and signal of a preparation. */
export type Context = ReturnType<typeof contextOf>;

/** Everything that differs between places; the result does not. */
export interface Site {
  inputs: Inputs;
  /** Versions of everything that took part in the work, for the manifest. */
  versions: Record<string, string>;
  /** Checks whether the sources, as this place sees them, are still those of a dataset. */
  changed: SourceCheck;
  /** Runs the stages. */
  run(): Promise<Outcome & InScratch>;
}
