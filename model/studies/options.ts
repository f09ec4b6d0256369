/**
 * Options that experiments and tunings have in common.
 *
 * @module
 */
import { z } from "zod";
import { size } from "../../pipeline/contract/options/size.ts";
import { checkOptions } from "../../pipeline/terminal/config.ts";
import { Budget } from "../experiment/budget.ts";
import { runShape } from "../experiment/options.ts";

/** How a study is carried out; the texts are those of `--help`. */
export const studyShape = {
  jobs: z.int().positive().optional().meta({
    title: "N",
    description: "trainings at once, each in a process of its own",
    fallback: "as many as there are cores, where memory suffices",
  }),
  tensorboard: runShape.tensorboard.meta({
    title: "DIR",
    description: "folder to write event files for TensorBoard to, in a folder for each training",
  }),
  people: runShape.people.meta({
    description:
      "how its page, and the reports of trainings that are to come, call the few people whose histories they show: by their ids, by numbers (person 1, person 2), or none are shown",
    fallback: "ids",
  }),
  budget: runShape.budget.meta({
    title: "TIME",
    description: "time that it may take, as in 2h; what is not done then is said, and done by the next call",
  }),
};

const limitsSchema = z.object({ budget: runShape.budget, memory: size.optional() });

/** How much a study may take, as a program says it. */
export interface Limits {
  /** Seconds of a call. */
  budget?: number;
  /** Bytes of a training. */
  memory?: number;
}

/** @throws {InputError} if one of them does not fit. */
export const limitsOf = ({ budget, memory }: { budget?: unknown; memory?: unknown }): Limits =>
  checkOptions(limitsSchema, { budget, memory });

/** When a call that begins now has to end: when its budget is used up, or before; undefined where there is no such moment. */
export function endOf({ budget }: Limits, deadline = Infinity): number | undefined {
  const { end = Infinity } = Budget.of(budget), first = Math.min(end, deadline);
  return first === Infinity ? undefined : first;
}
