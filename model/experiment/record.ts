/**
 * The record that a job writes while it runs: `run.json`.
 *
 * @module
 */
import { contextOf } from "../../pipeline/contract/context.ts";
import { InputError, Interrupted } from "../../pipeline/contract/errors.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import type { RunFacts } from "../records/records.ts";
import type { RunFolder } from "../runs/folder.ts";
import { highestResident, type PhaseCost, PhaseMeter } from "./phase_meter.ts";
import { isOfUnfinished } from "./unfinished.ts";
import { isOfGuess } from "../views/architecture.ts";
import { cutWarning, type CutWork, isOfCut, warningOfCut, whenCut } from "../views/cut_short.ts";

type Facts = Omit<RunFacts, "format" | "version">;

/** A phase to be timed; see {@link JobPhase}. */
type TimedPhase = { name: NonNullable<Facts["phase"]>; beginsAnew?: boolean };

/** Whether a warning says that work was ended early. */
const isOfEnd = (what: CutWork) => (warning: string): boolean =>
  isOfCut(what, warning) || what === "training" && isOfUnfinished(warning);

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
    if (this.facts.warnings.includes(message)) return;
    this.facts.warnings.push(message);
    contextOf(this.context).progress.warn(message);
  }

  /** Records a warning that was already given, for instance about data that several methods share. */
  warned(message: string): void {
    if (!this.facts.warnings.includes(message)) this.facts.warnings.push(message);
  }

  /**
   * Warns that the time was up before work was finished.
   *
   * @param when As in `after 2.2 of 3 epochs`.
   * @param advice How to resume it, or that this cannot be done.
   */
  cutShort(what: CutWork, when: string, advice: string): void {
    this.#instead(isOfEnd(what), cutWarning(what, when, advice));
    this.#cuts.set(what, `cut short by the budget ${when}`);
  }

  /** Records that work has finished: earlier warnings that it had not are removed. */
  endedByItself(what: CutWork): void {
    this.#instead(isOfEnd(what));
  }

  /** When a budget ended work that has not been resumed, as in `after 2.2 of 3 epochs`; undefined if none did. */
  whenCut(what: CutWork): string | undefined {
    const warning = warningOfCut(what, this.facts);
    return warning && whenCut(what, warning);
  }

  /** Replaces the advice on work that a budget ended: how to resume it, or that it cannot be resumed. */
  adviseOnCut(what: CutWork, advice: string): void {
    const when = this.whenCut(what);
    if (when !== undefined) {
      this.#instead((warning) => isOfCut(what, warning), cutWarning(what, when, advice));
    }
  }

  /** Warns that a length was selected by a small margin; if that is no longer so, the earlier warning is removed. */
  guessed(warning: string | undefined): void {
    this.#instead(isOfGuess, ...(warning === undefined ? [] : [warning]));
  }

  /** How the budget cut short this process's work on a phase, in words; undefined if it did not. */
  cutOf(title: string): string | undefined {
    return this.#cuts.get(title);
  }

  /** Warns that models are of unfinished trainings; earlier warnings about trainings that have finished are removed. */
  unfinished(remarks: readonly string[]): void {
    this.#instead(isOfUnfinished, ...remarks);
  }

  /** Replaces earlier warnings on the same subject by current ones. */
  #instead(isBefore: (warning: string) => boolean, ...now: string[]): void {
    const { warnings } = this.facts, place = warnings.findIndex(isBefore);
    const others = warnings.filter((warning) => !isBefore(warning));
    this.facts.warnings = place < 0 ? [...others, ...now] : others.toSpliced(place, 0, ...now);
    now.forEach((warning) => contextOf(this.context).progress.warn(warning));
    if (this.facts.warnings.join("\n") !== warnings.join("\n")) this.#corrected = true;
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
