/**
 * The shape that all stages share: `(frame, options) → { frame, report }`. A stage imports no other stage; `stages.ts`
 * lists them in order.
 *
 * @module
 */
import type { DataFrame } from "./frame.ts";
import type { Progress } from "./progress.ts";
import type { StageReport } from "./stage/report.ts";

/** Options that every stage takes besides its own. The second argument of {@link prepare} is one. */
export interface StageContext {
  /** Receives the progress of longer work. Default: in a notebook the output of the cell, elsewhere only warnings, on stderr. */
  progress?: Progress;
  /** Aborting it ends the stage at its next step with {@link Interrupted}. Default: in a notebook the signal of the stop button. */
  signal?: AbortSignal;
}

/** What every stage returns, such as {@link filterInteractions}; some stages add more members. */
export interface StageResult {
  /** The interactions for the next stage. */
  frame: DataFrame;
  /** What the stage did: rows in, dropped, out. */
  report: StageReport;
}

/**
 * A frame of interactions. These are its columns, in order, after each stage.
 *
 * | after | columns |
 * | --- | --- |
 * | read | `user`, `item` (Categorical: the original ids), `rating`? and `timestamp` (String, or a number type or Datetime where the source has types), `ragged`?, `misquoted`?, `unparsed`? (Bool: the row has too many fields, or text after a closing quote, or is not a JSON object) |
 * | schema | `user`, `item` (Categorical), `rating`? (Float32), `timestamp` (Int64 where all are whole numbers or dates, else Float64) |
 * | filter | the same |
 * | vocabulary | `user`, `item` (UInt32, from 1), `rating`?, `timestamp` |
 * | split | the same, ordered by user then time, and `split` (`train`, `validation`, `test`) |
 *
 * {@link checkSchema} returns the first frame whose columns all have their types.
 */
export type InteractionsFrame = DataFrame;

/**
 * The parts of a split, in order of time.
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
/** A part of the split: one of {@link SPLITS}. */
export type Split = "train" | "validation" | "test";

/** A part of the split that is held out from training; `heldOut` of a {@link SequenceDataset} lists them. */
export type HeldOut = Exclude<Split, "train">;
/** Both held-out parts, in order of time. */
export const HELD_OUT: readonly HeldOut[] = ["validation", "test"];
