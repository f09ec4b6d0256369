/**
 * The record that a job writes while it runs: `run.json`.
 *
 * @module
 */
import { basename } from "node:path";
import type { CutShort, CutWork, RunFacts, RunWarning, Unfinished } from "../records/records.ts";
import type { RunFolder } from "../runs/folder.ts";
import { otherRuns } from "../runs/others.ts";
import { unfinishedTraining } from "../runs/unfinished.ts";
import { cutOf, resumeCommand, warningText, whenCut } from "../views/epochs.ts";
import { methodOf } from "../train/methods.ts";
import { AUTOMLP } from "./options.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import { InputError, Interrupted } from "../../pipeline/contract/errors.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { highestResident, type PhaseCost, PhaseMeter } from "./cost.ts";

/** Returns remarks on a run and the methods that it is compared with, each by name; some may have no model yet. */
export function unfinishedTrainings(run: RunFolder): Unfinished[] {
  const own = unfinishedTraining(run), { methods = [] } = run.readRun()!.config.data ?? {};
  const resume = resumeCommand("pipeline", run.path), trained = otherRuns(run);
  const titled = (method: string) => methodOf({ method }).title;
  const provisional = trained.flatMap((other) => {
    const remark = unfinishedTraining(other, resume);
    return remark === undefined ? [] : [{ ...remark, method: titled(basename(other.path)) }];
  });
  const without = [methods as string | string[]].flat().map(String).filter((method) =>
    method !== AUTOMLP && !trained.some(({ path }) => basename(path) === method)
  ).map((method): Unfinished => ({ kind: "unfinished", method: titled(method), resume }));
  return [...own === undefined ? [] : [own], ...provisional, ...without];
}

type Facts = Omit<RunFacts, "format" | "version">;

/** A phase to be timed; see {@link JobPhase}. */
type TimedPhase = { name: NonNullable<Facts["phase"]>; beginsAnew?: boolean };

/** Whether a warning says that work was ended early. */
const isOfEnd = (work: CutWork) => (warning: RunWarning): boolean =>
  warning.kind === "cut short" && warning.phase === work ||
  work === "training" && warning.kind === "unfinished";

/** The status of a run that ended with an error. */
export const endOf = (error: unknown): "interrupted" | "failed" =>
  error instanceof Interrupted ? "interrupted" : "failed";

/** The record of a run in progress. */
export class RunRecord {
  /** The phase in progress, and its cost before. */
  #phase?: { name: NonNullable<Facts["phase"]>; meter: PhaseMeter; before: PhaseCost };
  /** How phases were cut short, by their titles. */
  readonly #cuts = new Map<string, string>();
  /** Whether the record now differs from what it said about the run before. */
  #corrected = false;

  /** @param before The record in the folder when this was begun; undefined for a new run. */
  constructor(
    readonly folder: RunFolder,
    readonly facts: Facts,
    readonly context: StageContext,
    readonly before?: RunFacts,
  ) {}

  /** Writes the record, with current times and memory. */
  write(): Promise<void> {
    if (this.#phase) {
      const { name, meter: { cost }, before } = this.#phase;
      this.facts.times = { ...this.facts.times, [name]: before.seconds + cost.seconds };
      this.facts.peakMemory = {
        ...this.facts.peakMemory,
        [name]: Math.max(before.peakMemoryBytes, cost.peakMemoryBytes),
      };
    }
    this.facts.peakMemoryBytes = Math.max(this.facts.peakMemoryBytes, highestResident());
    return this.folder.writeRun(this.facts);
  }

  /**
   * Does the work of a phase, and adds its time and memory to the record, if there was anything to do. The record names the phase while it runs, and still
   * does if it fails.
   *
   * @param work Returns whether there was anything to do.
   * @returns The same.
   */
  async timed({ name, beginsAnew = false }: TimedPhase, work: () => Promise<boolean>): Promise<boolean> {
    using meter = new PhaseMeter();
    const { times, peakMemory } = this.facts;
    const nothing = { seconds: 0, peakMemoryBytes: 0 };
    const before = { seconds: times[name] ?? 0, peakMemoryBytes: peakMemory?.[name] ?? 0 };
    this.#phase = { name, meter, before: beginsAnew ? nothing : before };
    this.facts.phase = name;
    try {
      await this.write();
      const worked = await work();
      this.facts.phase = undefined;
      if (!worked) {
        this.#phase = undefined;
        [this.facts.times, this.facts.peakMemory] = [times, peakMemory];
      }
      await this.write();
      return worked;
    } catch (error) {
      await this.#writeIfPossible();
      throw error;
    } finally {
      this.#phase = undefined;
    }
  }

  /**
   * Writes the record after work ended with an error, which is the one to report even if this fails too, for instance because the disk is
   * full.
   */
  #writeIfPossible(): Promise<void> {
    return this.write().catch(() => {});
  }

  /** Warns once per run: resumed work may cause the same warning again. */
  warn(message: string): void {
    if (this.warned(message)) contextOf(this.context).progress.warn(message);
  }

  /** Records a warning that was already given, for instance about data that several methods share. @returns Whether it is new. */
  warned(text: string): boolean {
    const { warnings } = this.facts;
    if (warnings.some((one) => one.kind === "remark" && one.text === text)) return false;
    warnings.push({ kind: "remark", text });
    return true;
  }

  /** Warns that the time was up before work was finished. */
  cutShort(cut: Omit<CutShort, "kind">): void {
    this.#instead(isOfEnd(cut.phase), { kind: "cut short", ...cut });
    this.#cuts.set(cut.phase, `cut short by the budget ${whenCut(cut)}`);
  }

  /** Records that work has finished: earlier warnings that it had not are removed. */
  endedByItself(what: CutWork): void {
    this.#instead(isOfEnd(what));
  }

  /** How a budget ended work that has not been resumed; undefined if none did. */
  cut(work: CutWork): CutShort | undefined {
    return cutOf(work, this.facts);
  }

  /** Replaces the advice on work that a budget ended: how to resume it, or what stays. */
  advise(
    { kind, phase, epochs, of, trainings }: CutShort,
    next: Pick<CutShort, "resume" | "selected">,
  ): void {
    this.#instead(
      (warning) => warning.kind === "cut short" && warning.phase === phase,
      { kind, phase, epochs, of, trainings, ...next },
    );
  }

  /** Warns that a length was selected by a small margin; if that is no longer so, the earlier warning is removed. */
  guessed(warning: RunWarning | undefined): void {
    this.#instead(({ kind }) => kind === "guess", ...(warning === undefined ? [] : [warning]));
  }

  /** How the budget cut short this process's work on a phase, in words; undefined if it did not. */
  cutOf(title: string): string | undefined {
    return this.#cuts.get(title);
  }

  /** Warns that models are of unfinished trainings; earlier warnings about trainings that have finished are removed. */
  unfinished(trainings: readonly Unfinished[]): void {
    this.#instead(({ kind }) => kind === "unfinished", ...trainings);
  }

  /** Replaces earlier warnings on the same subject by current ones. */
  #instead(isBefore: (warning: RunWarning) => boolean, ...now: RunWarning[]): void {
    const { warnings } = this.facts, place = warnings.findIndex(isBefore);
    const others = warnings.filter((warning) => !isBefore(warning));
    this.facts.warnings = place < 0 ? [...others, ...now] : others.toSpliced(place, 0, ...now);
    now.forEach((warning) => contextOf(this.context).progress.warn(warningText(warning)));
    if (JSON.stringify(this.facts.warnings) !== JSON.stringify(warnings)) this.#corrected = true;
  }

  /** Marks the run as resumed with other options than it had: this is recorded, whatever the outcome. */
  changed(): void {
    this.#corrected = true;
  }

  /** Whether the run was finished before this was begun, and nothing recorded then has changed. */
  get stands(): boolean {
    return this.before?.status === "done" && !this.#corrected;
  }

  /** Restores the previous record if there was nothing to do; only the dataset's folder may be new. */
  asBefore(): Promise<void> {
    return this.folder.writeRun({ ...this.before!, dataset: this.facts.dataset });
  }

  /** Records that the run is finished. */
  async done(): Promise<void> {
    this.facts.status = "done";
    await this.write();
  }

  /** Records that the run ended with an error. If it was refused before anything was computed, no run is left behind. */
  async failed(error: unknown): Promise<void> {
    const given = this.before === undefined;
    if (error instanceof InputError && await this.folder.withdraw({ given }).catch(() => false)) return;
    this.facts.status = endOf(error);
    await this.#writeIfPossible();
  }
}
