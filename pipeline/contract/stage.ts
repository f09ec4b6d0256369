/**
 * The one shape of all stages: `(frame, options) → { frame, report }`. A stage imports no other stage; `stages.ts`
 * is the ordered list of them.
 *
 * @module
 */
import { FRAME, type Wanted } from "./options/arguments.ts";
import type { DataFrame } from "./frame.ts";
import type { Progress } from "./progress.ts";
import type { StageReport } from "./stage/report.ts";

/** What every stage's options may hold beside its own. The second argument of {@link prepare} is one. */
export interface StageContext {
  /** Receives the progress of work that takes longer than a moment. Default: in a notebook the cell's own output, elsewhere nothing but warnings, on stderr. */
  progress?: Progress;
  /** Aborting it ends the stage at its next step with {@link Interrupted}. Default: in a notebook what the stop button aborts. */
  signal?: AbortSignal;
}

/** What every stage returns, as {@link filterInteractions} does, some with more beside. */
export interface StageResult {
  /** What the next stage takes. */
  frame: DataFrame;
  /** What was done: rows in, dropped, out. */
  report: StageReport;
}

/**
 * Columns of the interactions frame, in order, as it leaves each stage.
 *
 * | after | columns |
 * | --- | --- |
 * | read | `user`, `item` (Categorical: the original ids), `rating`? and `timestamp` (String, or a number type or Datetime where the source has types), `ragged`?, `misquoted`? (Bool: the row has too many fields, or text behind a closing quote) |
 * | schema | `user`, `item` (Categorical), `rating`? (Float32), `timestamp` (Int64 where all are whole numbers or dates, else Float64) |
 * | filter | the same |
 * | vocabulary | `user`, `item` (UInt32, from 1), `rating`?, `timestamp` |
 * | split | the same, ordered by user then time, and `split` (`train`, `validation`, `test`) | {@link checkSchema} makes the first.
 */
export type InteractionsFrame = DataFrame;

/** Interactions, as an argument. */
export const INTERACTIONS: Wanted = {
  what: "a data frame with the columns user and item, as readInteractions() gives it",
  fits: (value) =>
    FRAME.fits(value) && ["user", "item"].every((name) => (value as DataFrame).columns.includes(name)),
};

/**
 * The parts of a split, in the order of time.
 *
 * @example
 * ```ts
 * import { prepare, SPLITS } from "automlp";
 *
 * const { dataset } = await prepare({ dataset: "demo", out: await Deno.makeTempDir() });
 * for (const split of SPLITS) console.log(split, dataset.manifest.counts[split]);
 * ```
 */
export const SPLITS: readonly Split[] = ["train", "validation", "test"];
/** A part of the split, one of {@link SPLITS}. */
export type Split = "train" | "validation" | "test";

/** A part of the split that is held out of training: those of a {@link SequenceDataset} are its `heldOut`. */
export type HeldOut = Exclude<Split, "train">;
/** Both, in the order of time. */
export const HELD_OUT: readonly HeldOut[] = ["validation", "test"];
