/**
 * Options that are replaced when a run is resumed.
 *
 * @module
 */
import { contextOf } from "../../pipeline/contract/context.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { isWhole } from "../records/epochs.ts";
import type { RunFacts } from "../records/records.ts";
import type { RunFolder } from "../runs/folder.ts";
import { asFlags, differencesBetween } from "./differences.ts";
import type { JobOptions } from "./job_options.ts";
import { RENEWED } from "./recorded.ts";
import type { JobToBegin } from "./phases/phase.ts";
import type { RunRecord } from "./record.ts";

/** @throws {InputError} if a training is given fewer epochs than it has done, as these cannot be undone. */
export function refuseFewerEpochs(run: RunFolder, { epochs }: Pick<JobOptions, "epochs">): void {
  if (run.readRun()?.config.training.epochs === epochs) return;
  const done = run.readTrainHistory().filter(isWhole).length;
  if (epochs >= done) return;
  throw new InputError(
    `Cannot resume ${run.path} with --epochs ${epochs}: ${done} are done already; give --epochs ${done} or more`,
  );
}

/** As it is compared; cut-offs in no order. */
function compared(options: Record<string, unknown>): Record<string, unknown> {
  const { ks } = options;
  return {
    ...Object.fromEntries(RENEWED.map((key) => [key, options[key]])),
    ...(Array.isArray(ks) && { ks: ks.toSorted((a, b) => a - b) }),
  };
}

/** Says which changed options a run continues with, and records them; also says which budget it is given now. */
export function sayTakenAnew(record: RunRecord, before: RunFacts, work: JobToBegin): void {
  const { options, method } = work, { config, sessions } = before;
  const had = compared(config.training), now = compared({ ...options });
  const differing = RENEWED.filter((key) =>
    had[key] !== undefined && now[key] !== undefined && String(had[key]) !== String(now[key])
  );
  if (differing.length > 0) record.changed();
  const flags = (values: Record<string, unknown>, budget: number | undefined) =>
    asFlags({
      ...Object.fromEntries(differing.map((key) => [key, values[key]])),
      ...(options.budget !== undefined && { budget }),
    });
  const differences = differencesBetween(
    flags(had, sessions.at(-1)?.budget),
    flags(now, options.budget),
    "none",
  );
  if (differences.length === 0) return;
  contextOf(work).progress.remark?.(
    `${method.title} is resumed with other options than before: ${differences.join("; ")}`,
  );
}
