/**
 * Options that experiments and tunings share.
 *
 * @module
 */
import { z } from "zod";
import { size } from "../../pipeline/contract/options/size.ts";
import { checkOptions } from "../../pipeline/terminal/config.ts";
import { Budget } from "../experiment/cost.ts";
import { runShape } from "../experiment/options.ts";

/** How a study is carried out; the texts are those of `--help`. */
export const studyShape = {
  jobs: z.int().positive().optional().meta({
    title: "N",
    description: "number of trainings at once, each in its own process",
    fallback: "one per core, if memory suffices",
  }),
  tensorboard: runShape.tensorboard.meta({
    title: "DIR",
    description: "folder for TensorBoard event files, with a subfolder for each training",
  }),
  people: runShape.people.meta({
    description:
      "how its page, and the reports of trainings still to come, name the few people whose histories they show: by id, or by number (person 1, person 2); none leaves them out",
    fallback: "ids",
  }),
  budget: runShape.budget.meta({
    title: "TIME",
    description: "time limit for this call, as in 2h; what is then left is listed, and the next call does it",
  }),
};

const limitsSchema = z.object({ budget: runShape.budget, memory: size.optional() });

/** How much a study may use. */
export interface Limits {
  /** Maximum number of seconds for a call. */
  budget?: number;
  /** Maximum number of bytes for a training. */
  memory?: number;
}

/** @throws {InputError} if a limit is not valid. */
export const limitsOf = ({ budget, memory }: { budget?: unknown; memory?: unknown }): Limits =>
  checkOptions(limitsSchema, { budget, memory });

/**
 * When a call that begins now has to end: when its budget is used up, or at the deadline if that is earlier; undefined if there is no
 * limit.
 */
export function endOf({ budget }: Limits, deadline = Infinity): number | undefined {
  const { end = Infinity } = Budget.of(budget), first = Math.min(end, deadline);
  return first === Infinity ? undefined : first;
}
