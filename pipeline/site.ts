/**
 * Where the stages of a preparation run: this machine, or a cluster.
 *
 * @module
 */
import type { contextOf } from "./contract/context.ts";
import type { Inputs } from "./inputs.ts";
import type { InScratch } from "./scratch.ts";
import type { Outcome } from "./stages.ts";
import type { SourceCheck } from "./unchanged.ts";

/** Progress and signal, as a preparation has them. */
export type Context = ReturnType<typeof contextOf>;

/** All that differs between places: what comes out does not. */
export interface Site {
  inputs: Inputs;
  /** Of all that had a part in the work, for the manifest. */
  versions: Record<string, string>;
  /** Whether the sources, as this place sees them, are those of a dataset. */
  changed: SourceCheck;
  /** Runs the stages. */
  run(): Promise<Outcome & InScratch>;
}
