/**
 * Options that experiments and tunings have in common.
 *
 * @module
 */
import { z } from "zod";
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
  budget: runShape.budget.meta({
    title: "TIME",
    description: "time that it may take, as in 2h; what is not done then is said, and done by the next call",
  }),
};
