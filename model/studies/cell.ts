/**
 * Cells: the single trainings that experiments and tunings consist of.
 *
 * @module
 */
import { hashOf } from "../../pipeline/contract/files/checksums.ts";
import { jobOf } from "../experiment/method_options.ts";
import type { JobOptions } from "../experiment/job_options.ts";
import { beneathStart } from "../experiment/start_from.ts";

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

/** One training of one method with one seed. It leaves nothing but its run folder. */
export interface Cell {
  /** Name of its run folder, as in `sasrec-seed-1`. */
  id: string;
  /** Name of the method, as in `--method`. */
  method: string;
  /** Options of the method's job that differ from the defaults; flat, like flags. */
  options: Record<string, unknown>;
  /** Seed of the weights, the order of examples and dropout. */
  seed: number;
  /** The last phase, if that is not evaluation. */
  until?: "retrain";
}

/**
 * Returns the job that trains a cell. A run that was begun is resumed. A cell that starts from a trained run takes the options it does not
 * name from that run.
 *
 * @throws {InputError} if an option does not fit the method.
 */
export const jobOfCell = ({ method, options, until }: Omit<Cell, "id" | "seed">): JobOptions => ({
  ...jobOf(method, { ...beneathStart(method, options), ...options }),
  ...(until && { until }),
  resume: true,
});

/** Maximum number of bytes in a folder's name that come from a text; file systems allow 255 in all. */
const LONGEST = 100;

/**
 * Returns a text as part of a folder's name: lower case, with letters and digits of any script, and nothing that a file system or a shell
 * could misread. A long text is cut, and a checksum tells it from others.
 */
export function slug(text: string): string {
  const name = text.normalize("NFC").toLowerCase().replaceAll("+", "-plus")
    .replace(/[^\p{L}\p{M}\p{N}.]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "") || "x";
  if (bytesOf(name) <= LONGEST) return name;
  const checksum = hashOf(name).slice(0, 8);
  let begin = "";
  for (const letter of name) {
    if (bytesOf(begin + letter) > LONGEST - checksum.length - 1) break;
    begin += letter;
  }
  return `${begin.replace(/[-.]+$/, "")}-${checksum}`;
}

const bytesOf = (text: string) => new TextEncoder().encode(text).length;
