/**
 * The messages between a study and the processes that train its cells.
 *
 * @module
 */
import type { Cell } from "./cell.ts";

/** What a process has to do; its only argument, as JSON. */
export interface WorkerTask extends Cell {
  /** Folder of the dataset. */
  dataset: string;
  /** The dataset's hash: the folder may be prepared anew while the study goes on. */
  hash: string;
  /** The cell's run folder. */
  out: string;
  /** The command that the run is part of, for its record. */
  command: string;
  /** Maximum number of bytes: a training that is expected to need more is not begun. */
  memory?: number;
}

/** A line that the process writes, as JSON: what it begins to do, or how it ended. */
export type WorkerLine =
  | { doing: string }
  | { done: true }
  | { failed: string }
  | { tooLarge: string }
  | { stopped: true };
