/**
 * What a job writes of itself while it runs: `run.json`.
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

/** What is to be timed; see {@link JobPhase}. */
type TimedPhase = { name: NonNullable<Facts["phase"]>; beginsAnew?: boolean };

/** Whether a warning is that work was ended before its end. */
const isOfEnd = (what: CutWork) => (warning: string): boolean =>
  isOfCut(what, warning) || what === "training" && isOfUnfinished(warning);

/** How a run has ended that ended by an error. */
export const endOf = (error: unknown): "interrupted" | "failed" =>
  error instanceof Interrupted ? "interrupted" : "failed";

/** The record of a run under way. */
export class RunRecord {
  /** The phase under way, and what it had taken before. */
  #phase?: { name: NonNullable<Facts["phase"]>; meter: PhaseMeter; before: PhaseCost };
  /** By the titles of phases. */
  readonly #cuts = new Map<string, string>();
  /** Whether the record says otherwise now what it had said of the run. */
  #corrected = false;

  /** @param before What the folder said when this was begun; undefined of a new run. */
  constructor(
    readonly folder: RunFolder,
    readonly facts: Facts,
    readonly context: StageContext,
    readonly before?: RunFacts,
  ) {}

  /** Writes it, with times and memory as they are now. */
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

  /** Writes it where work ended by an error: that is the one to report, also where a full disk does not take this either. */
  #writeIfPossible(): Promise<void> {
    return this.write().catch(() => {});
  }

  /** Warns, once in a run: what is resumed may come by the same warning again. */
  warn(message: string): void {
    if (this.facts.warnings.includes(message)) return;
    this.facts.warnings.push(message);
    contextOf(this.context).progress.warn(message);
  }

  /** Has a warning on record that somebody was given already, as of the data that several methods have in common. */
  warned(message: string): void {
    if (!this.facts.warnings.includes(message)) this.facts.warnings.push(message);
  }

  /**
   * Warns that the time was over before work came to its end.
   *
   * @param when As in `after 2.2 of 3 epochs`.
   * @param advice How to resume it, or that this cannot be done.
   */
  cutShort(what: CutWork, when: string, advice: string): void {
    this.#instead(isOfEnd(what), cutWarning(what, when, advice));
    this.#cuts.set(what, `cut short by the budget ${when}`);
  }

  /** Work came to its end: what was said before of its not having done so is taken back. */
  endedByItself(what: CutWork): void {
    this.#instead(isOfEnd(what));
  }

  /** When a budget ended work that nobody has resumed, as in `after 2.2 of 3 epochs`; undefined where none did. */
  whenCut(what: CutWork): string | undefined {
    const warning = warningOfCut(what, this.facts);
    return warning && whenCut(what, warning);
  }

  /** Replaces the advice on work that a budget ended: how to resume it, or that this cannot be done. */
  adviseOnCut(what: CutWork, advice: string): void {
    const when = this.whenCut(what);
    if (when !== undefined) {
      this.#instead((warning) => isOfCut(what, warning), cutWarning(what, when, advice));
    }
  }

  /** Warns that a length was selected by little; where it no longer is, what was said before is taken back. */
  guessed(warning: string | undefined): void {
    this.#instead(isOfGuess, ...(warning === undefined ? [] : [warning]));
  }

  /** How the budget cut short what this process did of a phase, in words; undefined where it did not. */
  cutOf(title: string): string | undefined {
    return this.#cuts.get(title);
  }

  /** Warns that models are of trainings that have not come to their end; of those that have what was said before is taken back. */
  unfinished(remarks: readonly string[]): void {
    this.#instead(isOfUnfinished, ...remarks);
  }

  /** Takes back what was said before of the same, and says what is so now. */
  #instead(isBefore: (warning: string) => boolean, ...now: string[]): void {
    const { warnings } = this.facts, place = warnings.findIndex(isBefore);
    const others = warnings.filter((warning) => !isBefore(warning));
    this.facts.warnings = place < 0 ? [...others, ...now] : others.toSpliced(place, 0, ...now);
    now.forEach((warning) => contextOf(this.context).progress.warn(warning));
    if (this.facts.warnings.join("\n") !== warnings.join("\n")) this.#corrected = true;
  }

  /** The run is resumed with other options than it had: that goes on record, whatever comes of it. */
  changed(): void {
    this.#corrected = true;
  }

  /** Whether the run had come to its end before this was begun, and nothing that was said of it then is taken back. */
  get stands(): boolean {
    return this.before?.status === "done" && !this.#corrected;
  }

  /** Restores the record of before, where there was nothing to do; only the dataset's folder, tags and the note may be new. */
  asBefore(): Promise<void> {
    const { dataset, config: { tags, note } } = this.facts, before = this.before!;
    const config = {
      ...before.config,
      ...(tags !== undefined && { tags }),
      ...(note !== undefined && { note }),
    };
    return this.folder.writeRun({ ...before, dataset, config });
  }

  /** The run came to its end. */
  async done(): Promise<void> {
    this.facts.status = "done";
    await this.write();
  }

  /** The run ended by an error. What was refused before anything was computed was no run: then none is left. */
  async failed(error: unknown): Promise<void> {
    const given = this.before === undefined;
    if (error instanceof InputError && await this.folder.withdraw({ given }).catch(() => false)) return;
    this.facts.status = endOf(error);
    await this.#writeIfPossible();
  }
}
