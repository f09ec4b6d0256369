/**
 * AutoMLP and other methods on the same dataset: each trained in a run of its own, all evaluated together.
 *
 * @module
 */
import type { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { MethodDescription } from "../methods/neural.ts";
import { methodOf } from "../train/method.ts";
import type { Budget } from "./budget.ts";
import { doJob, type JobContext, type JobResult } from "./job.ts";
import { holdsRun } from "../runs/free_folder.ts";
import type { RunFacts } from "../records/records.ts";
import { lockRun } from "../runs/lock.ts";
import { RunFolder } from "../runs/folder.ts";
import { takenOver, toResume } from "./begun.ts";
import { refuseFewerEpochs } from "./taken_anew.ts";
import { jobOf, knownOf, methodSchema } from "./method_options.ts";
import { wants } from "./options.ts";
import type { JobOptions } from "./job_options.ts";
import type { PhaseCost } from "./phase_meter.ts";
import { endOf } from "./record.ts";
import { otherRunPath } from "../runs/others.ts";
import { beneathStart, otherStart } from "./start_from.ts";
import { presetOf } from "../presets/presets.ts";

/** What is to be run. */
export interface MethodsWork {
  /** Of AutoMLP's job. */
  options: JobOptions;
  /** What was asked for in words: of this, the other methods take what they have too. */
  given: Record<string, unknown>;
  others: readonly MethodDescription<z.ZodRawShape>[];
  /** AutoMLP's run folder; the others' lie in it. */
  out: string;
  /** Whose options the other methods have beneath what was asked for, where it has any of theirs. */
  preset?: unknown;
  /** See {@link JobContext.config}. */
  config: Record<string, unknown>;
  /** Of all methods together. */
  budget: Budget;
  /** See {@link JobContext.prepared}: AutoMLP's run has it. */
  prepared?: PhaseCost;
}

/** Trains AutoMLP, then the others; evaluates all of them. Each takes an even share of the budget that is left. */
export async function runMethods(
  dataset: SequenceDataset,
  { options, given, others, out, preset, config, budget, prepared }: MethodsWork,
  context: Omit<JobContext, "out" | "deadline" | "config" | "prepared">,
): Promise<JobResult> {
  const first = { ...context, out, named: given, config, prepared };
  if (others.length === 0) return await doJob(dataset, options, { ...first, deadline: budget.end });
  const jobs = others.map((method) => otherJob(method, options, given, out, preset));
  for (const job of jobs) { // refused now, not in an hour
    methodOf(job).configure(dataset, job.sizes);
    const place = otherRunPath(out, job.method);
    if (holdsRun(place)) refuseFewerEpochs(RunFolder.open(place), job);
  }
  const wasDone = holdsRun(out) && RunFolder.open(out).readRun()?.status === "done";
  const until = wants(options, "retrain") ? "retrain" : options.until;
  const deadlineOf = (done: number) => budget.share(1 / (jobs.length + 1 - done));
  const partOf = (place: number, name: string) =>
    `method ${place + 1} of ${jobs.length + 1}, ${methodOf({ method: name }).title}`;
  const result = await doJob(dataset, { ...options, until }, {
    ...first,
    whole: out,
    deadline: deadlineOf(0),
    part: partOf(0, options.method),
  });
  if (until !== "retrain") return result;
  await asStatus(out, wasDone, async () => {
    for (const [i, job] of jobs.entries()) {
      const tensorboard = options.tensorboard && otherRunPath(options.tensorboard, job.method);
      await doJob(dataset, { ...job, tensorboard, resume: options.resume, until }, {
        ...context,
        out: otherRunPath(out, job.method),
        whole: out,
        deadline: deadlineOf(i + 1),
        part: partOf(i + 1, job.method),
      });
    }
  });
  if (!wants(options, "evaluate")) return result;
  return await doJob(dataset, { ...options, resume: true }, { ...first, evaluateOnly: true });
}

/**
 * Has on the run's record how it stands while the other methods are trained: under way, and then how that ended.
 *
 * @param wasDone Whether the run was done before: then it still is where nothing but a refusal came of it.
 */
async function asStatus(out: string, wasDone: boolean, work: () => Promise<void>): Promise<void> {
  const stands = async (status: RunFacts["status"]) => {
    using _lock = lockRun(out);
    const folder = RunFolder.open(out);
    await folder.writeRun({ ...folder.readRun()!, status });
  };
  await stands("running");
  try {
    await work();
    await stands("done");
  } catch (error) {
    // What went wrong first is the error to report.
    await stands(wasDone && error instanceof InputError ? "done" : endOf(error)).catch(() => {});
    throw error;
  }
}

/** The job of another method: of what was asked for, what it has too; where its run was begun, above what that was begun with. */
function otherJob(
  method: MethodDescription<z.ZodRawShape>,
  options: JobOptions,
  given: Record<string, unknown>,
  out: string,
  preset: unknown,
): JobOptions {
  const begun = toResume({ resume: options.resume, out: otherRunPath(out, method.name) });
  const { startFrom: _automlps, ...asked } = given;
  const startFrom = begun
    ? begun.config.startFrom
    : options.startFrom && otherStart(options.startFrom, method.name);
  return jobOf(method.name, {
    ...common(options),
    ...(begun
      ? takenOver(methodSchema(method).shape, begun.config)
      : { ...presetOf(preset, method.name), ...beneathStart(method.name, { startFrom }) }),
    // A preset that is named again is compared as if its options were.
    ...knownOf(method, { ...presetOf(given.preset, method.name), ...asked, startFrom }),
  });
}

/**
 * What the methods share though nobody said so: how long they are trained, and which metric they monitor. Epochs along which AutoMLP's rate goes
 * down were chosen for AutoMLP.
 */
const common = ({ epochs, patience, metric, protocol, keepSeen, engine, threads, schedule }: JobOptions) =>
  Object.fromEntries(
    Object.entries({
      ...(schedule === "constant" && { epochs, patience }),
      ...{ metric, protocol, keepSeen, engine, threads },
    }).filter(([, v]) => v !== undefined),
  );
