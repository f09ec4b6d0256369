/**
 * AutoMLP and other methods on the same dataset: each trained in a run of its own, all evaluated together.
 *
 * @module
 */
import { z } from "zod";
import { contextOf } from "../../pipeline/contract/context.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { displayOf } from "../../pipeline/display/with_display.ts";
import type { MethodDescription } from "../methods/neural.ts";
import { methodOf } from "../train/methods.ts";
import type { Budget, PhaseCost } from "./cost.ts";
import { doJob, type JobPlace, type JobResult } from "./job.ts";
import { holdsRun } from "../runs/free_folder.ts";
import type { RunFacts } from "../records/records.ts";
import { lockRun } from "../runs/lock.ts";
import { RunFolder } from "../runs/folder.ts";
import { takenOver, toResume } from "./begun.ts";
import { refuseFewerEpochs } from "./begin.ts";
import { checkSizes, jobOf, knownOf, methodSchema } from "./method_options.ts";
import { wants } from "./options.ts";
import type { JobOptions } from "./job_options.ts";
import { endOf } from "./record.ts";
import { otherRunPath, otherRunPlace } from "../runs/others.ts";
import { beneathStart, otherStart } from "./start_from.ts";
import { presetOf } from "../presets/presets.ts";

type Description = MethodDescription<z.ZodRawShape>;

/** What to run. */
export interface MethodsWork {
  /** Options of AutoMLP's job. */
  options: JobOptions;
  /** The options that the caller named; the other methods take those that they have too. */
  given: Record<string, unknown>;
  others: readonly Description[];
  /** AutoMLP's run folder, which contains those of the other methods. */
  out: string;
  /** A preset whose options, if it has any for the other methods, are their defaults for what was not asked for. */
  preset?: unknown;
  /** How the data were prepared, and which methods are trained, for `run.json`. */
  data: Record<string, unknown>;
  /** Budget of all methods together. */
  budget: Budget;
  /** See {@link JobPlace.prepared}: AutoMLP's run has it. */
  prepared?: PhaseCost;
}

/** Trains AutoMLP, then the others, and evaluates all of them. Each gets an even share of the remaining budget. */
export async function runMethods(
  dataset: SequenceDataset,
  { options, given, others, out, preset, data, budget, prepared }: MethodsWork,
  context: Omit<JobPlace, "out" | "deadline" | "config" | "prepared">,
): Promise<JobResult> {
  const alone = { ...context, out, named: given, config: { data }, prepared };
  if (others.length === 0) return await doJob(dataset, options, { ...alone, deadline: budget.end });
  const asked = askedOf(others, options, given, out, preset);
  const first = { ...alone, config: { data: { ...data, [ASKED]: asked } } };
  const jobs = others.map((method) => otherJob(method, options, given, out, asked[method.name]));
  for (const job of jobs) { // refused now, not in an hour
    methodOf({ method: job.method }).configure(dataset, job.sizes);
    const place = otherRunPlace(out, job.method);
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
        out: otherRunPlace(out, job.method),
        whole: out,
        deadline: deadlineOf(i + 1),
        part: partOf(i + 1, job.method),
      });
    }
  });
  if (!wants(options, "evaluate")) return result;
  const last = { ...first, evaluateOnly: true, deadline: budget.end }; // without this the budget would start again
  const job = await doJob(dataset, { ...options, resume: true }, last);
  await showMethods(job, context);
  return job;
}

/** Shows the metrics of all methods in place of the curves of the method that was trained last. */
async function showMethods({ run, facts: { metrics } }: JobResult, context: StageContext): Promise<void> {
  if (!metrics) return;
  const growing = { of: metrics, within: run.path, draw: () => displayOf(metrics) };
  await contextOf(context).progress.grow?.(growing, "ended");
}

/**
 * Records the run's status while the other methods are trained: running, and then how that ended.
 *
 * @param wasDone Whether the run was done before: then it still is if the others were only refused.
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

/** Where AutoMLP's run records the options that the others are trained with. */
const ASKED = "others";
const askedSchema = z.record(z.string(), z.record(z.string(), z.unknown())).default({});

/**
 * The options that each of the others is trained with, by its name: those asked for that it has too, over those of its preset. They are
 * recorded from the beginning, because a run may be resumed before all of them are begun, and by its folder alone.
 *
 * @throws {InputError} if that record is damaged.
 */
function askedOf(
  others: readonly Description[],
  { resume, startFrom }: JobOptions,
  given: Record<string, unknown>,
  out: string,
  preset: unknown,
): Record<string, Record<string, unknown>> {
  const before = askedSchema.safeParse(toResume({ resume, out })?.config[ASKED]);
  if (!before.success) {
    throw new InputError(
      `Cannot resume ${out}: its run.json does not say what the other methods are trained with; begin in another folder with --out`,
    );
  }
  return Object.fromEntries(others.map((method) => {
    const { name } = method,
      beneath = before.data[name] ?? { ...presetOf(preset, name), ...startedFrom(startFrom, name) };
    return [name, takenOver(methodSchema(method).shape, { ...beneath, ...named(method, given) })];
  }));
}

/** The options that a method takes from its run inside the one that AutoMLP's starts from, if it starts from one. */
function startedFrom(run: string | undefined, method: string): Record<string, unknown> {
  if (run === undefined) return {};
  const own = { startFrom: otherStart(run, method) };
  return { ...beneathStart(method, own), ...own };
}

/** The options asked for now that a method has too. A preset that is named again is compared as if its options were named. */
const named = (method: Description, { startFrom: _automlps, ...given }: Record<string, unknown>) =>
  knownOf(method, { ...presetOf(given.preset, method.name), ...given });

/**
 * Refuses conflicting options of other methods before the data are read.
 *
 * @throws {InputError} if an option is not valid, or sizes do not fit together.
 */
export function checkOtherJobs(others: readonly Description[], given: Record<string, unknown>): void {
  for (const method of others) checkSizes(jobOf(method.name, named(method, given)));
}

/**
 * The job of another method: the options that it is trained with, or, if its run has begun, those asked for now over those it was begun
 * with.
 */
function otherJob(
  method: Description,
  options: JobOptions,
  given: Record<string, unknown>,
  out: string,
  asked: Record<string, unknown>,
): JobOptions {
  const begun = toResume({ resume: options.resume, out: otherRunPath(out, method.name) });
  return jobOf(method.name, {
    ...common(options),
    ...(begun ? takenOver(methodSchema(method).shape, begun.config) : asked),
    ...named(method, given),
  });
}

/**
 * The options that the methods share without being asked: how long they are trained, and which metric they monitor. Epochs along which
 * AutoMLP's rate decreases were chosen for AutoMLP, and are not shared.
 */
const common = ({ epochs, patience, metric, protocol, keepSeen, engine, threads, schedule }: JobOptions) =>
  Object.fromEntries(
    Object.entries({
      ...(schedule === "constant" && { epochs, patience }),
      ...{ metric, protocol, keepSeen, engine, threads },
    }).filter(([, v]) => v !== undefined),
  );
