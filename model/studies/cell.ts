/**
 * Cells: single trainings, of which experiments and tunings are made.
 *
 * @module
 */
import { hashOf } from "../../pipeline/contract/files/hash.ts";
import { jobOf } from "../experiment/method_options.ts";
import type { JobOptions } from "../experiment/job_options.ts";
import { beneathStart } from "../experiment/start_from.ts";

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
 * The job that trains a cell. Where its run was begun, it is resumed. One that starts from a trained run has what is not named as that has it.
 *
 * @throws {InputError} if an option does not fit the method.
 */
export const jobOfCell = ({ method, options, until }: Omit<Cell, "id" | "seed">): JobOptions => ({
  ...jobOf(method, { ...beneathStart(method, options), ...options }),
  ...(until && { until }),
  resume: true,
});

/** Bytes of a folder's name that come from a text; file systems have room for 255 in all. */
const LONGEST = 100;

/**
 * Text as a part of a folder's name: lower case, letters and figures of any script, and nothing that a file system or a shell could take amiss. Of a long
 * one its begin, and a checksum that tells it from others.
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
