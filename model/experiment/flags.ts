/**
 * The flags of the job, for the commands that take them.
 *
 * @module
 */
import { optionsOf } from "../../pipeline/terminal/schema_options.ts";
import { jobGroups, runShape } from "./options.ts";

/** How a run is gone about. */
export const RUN_FLAGS = optionsOf({ run: runShape }).run;

/** What is built, searched and trained. */
export const JOB_FLAGS = optionsOf(jobGroups);
