/**
 * Cells: single trainings, of which experiments and tunings are made.
 *
 * @module
 */
import { jobOf } from "../experiment/method_options.ts";
import type { JobOptions } from "../experiment/job_options.ts";

/** One training of one method with one seed. Its run folder is all that it leaves. */
export interface Cell {
  /** The name of its run folder, as in `sasrec-seed-1`. */
  id: string;
  /** As in `--method`. */
  method: string;
  /** Of the method's job, what differs from its defaults; flat, as flags are. */
  options: Record<string, unknown>;
  /** Of weights, order and dropout. */
  seed: number;
  /** The last phase, where it is not evaluation. */
  until?: "retrain";
}

/**
 * The job that trains a cell. Where its run was begun, it is resumed.
 *
 * @throws {InputError} if an option does not fit the method.
 */
export const jobOfCell = ({ method, options, until }: Omit<Cell, "id" | "seed">): JobOptions => ({
  ...jobOf(method, options),
  ...(until && { until }),
  resume: true,
});

/** Text as a part of a folder's name: lower case, and nothing that a file system or a shell could take amiss. */
export const slug = (text: string): string =>
  text.toLowerCase().replaceAll("+", "-plus").replace(/[^a-z0-9.]+/g, "-").replace(/^[-.]+|[-.]+$/g, "") ||
  "x";
