/**
 * A run folder: everything that a run leaves behind, in the files of `files.ts`.
 *
 * @module
 */
import { type MetricName, metricsIn } from "../records/evaluation.ts";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { candidateNames, numberedCandidates } from "../records/candidates.ts";
import { CHECKPOINT, type Checkpoint } from "../records/checkpoint.ts";
import type { Insights } from "../records/insights.ts";
import type { SavedTensor, SavedTensors } from "../records/safetensors.ts";
import { RUN_VERSION, runSchema } from "../records/schemas.ts";
import type {
  Architecture,
  ModelConfig,
  RunFacts,
  RunMetrics,
  SearchRecord,
  TrainRecord,
  Trial,
} from "../records/records.ts";
import { architectureWithDisplay } from "../views/architecture.ts";
import { metricsWithDisplay } from "../views/results.ts";
import { runHtml, type RunSummary, runText } from "../views/run.ts";
import { searchRecords } from "../views/search.ts";
import { trainRecords } from "../views/training.ts";
import {
  AN_OBJECT,
  checkCall,
  FOLDER,
  listOf,
  objectWith,
  oneOf,
  SWITCH,
  TEXT,
  type Wanted,
} from "../../pipeline/contract/options/arguments.ts";
import { checkOnly } from "../../pipeline/contract/options/known.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { fixedPath } from "../../pipeline/contract/files/fixed.ts";
import { isThere } from "../../pipeline/contract/files/readable.ts";
import { FolderRecord } from "../../pipeline/contract/files/record.ts";
import type { DatasetProfile } from "../../pipeline/inspect/facts.ts";
import { Shown } from "../../pipeline/display/shown.ts";
import {
  CHECKPOINT_NAMES,
  type CheckpointName,
  hasCheckpoint,
  readCheckpoint,
  writeCheckpoint,
} from "./checkpoints.ts";
import { checkDataset, datasetFolder, datasetPath } from "./dataset.ts";
import { FILES, type RunFile } from "./files.ts";
import { lockRun, lockToCopy } from "./lock.ts";
import { noModel, readModel, readModelConfig, writeModel } from "./model_files.ts";
import { holdsModelAlone, removeDataset, removeIfBare, requireRun, takePlace } from "./place.ts";
import { checkSum, readLines, readText, readValue } from "./read.ts";
import { RunWriter } from "./write.ts";

/**
 * The files of one run. All are written whole or not at all, and compared with their checksums when they are read. It shows itself
 * in a notebook and as text.
 *
 * @example
 * ```ts
 * import { prepare, RunFolder, runJob } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * await runJob(dataset, { method: "gru4rec", dim: 8, length: 10, epochs: 1 }, { out: `${out}-run` });
 * const run = RunFolder.open(`${out}-run`);
 * assert.equal(run.readTrainHistory().length, 1);
 * console.log(run.readRun()?.parameters);
 * ```
 */
export class RunFolder extends Shown {
  readonly #path: () => string;
  readonly #writer: RunWriter;

  private constructor(path: string) {
    super();
    checkCall('RunFolder.open("runs/mine")', [path, FOLDER]);
    this.#path = fixedPath(path);
    this.#writer = new RunWriter(path);
  }

  /** Where it is: as it was given, and absolute where the program has gone to another folder since. */
  get path(): string {
    return this.#path();
  }

  /**
   * A folder to write a run to; made if it is missing. What an earlier run left there stays until it is overwritten.
   *
   * @param inputs Files that the run is made of: they may not lie in the folder.
   * @throws {InputError} if something else is there, or a run of a newer format, or it cannot be made.
   */
  static create(path: string, inputs: readonly string[] = []): RunFolder {
    checkCall('RunFolder.create("runs/mine")', [path, FOLDER], [
      inputs,
      listOf("paths", (input) => TEXT.fits(input)),
    ]);
    takePlace(path, inputs);
    return new RunFolder(path);
  }

  /**
   * The folder of a run that was begun before.
   *
   * @throws {InputError} if there is none, it is a folder of another kind, damaged, or of a newer format.
   */
  static open(path: string): RunFolder {
    checkCall('RunFolder.open("runs/mine")', [path, FOLDER]);
    requireRun(path);
    return new RunFolder(path);
  }

  /**
   * The folder of a run, or of a model alone.
   *
   * @throws {InputError} if there is neither; see {@link RunFolder.open}.
   * @internal
   */
  static openModel(path: string): RunFolder {
    if (!holdsModelAlone(path)) requireRun(path);
    return new RunFolder(path);
  }

  /**
   * Copies the run to another folder, with all that it takes to train on. A dataset that lies in it stays where it is, and so does what automlp
   * did not write.
   *
   * @throws {InputError} if something is there, a process is at work on the run, a file is not as it was written, or it cannot be written.
   */
  async copyTo(path: string): Promise<RunFolder> {
    const facts = this.readRun();
    if (!facts) throw new InputError(`Cannot copy the run ${this.path}: it has no run.json yet`);
    checkCall('run.copyTo("runs/copy")', [path, FOLDER]);
    using _source = lockToCopy(this.path);
    takePlace(path, [this.path], "choose another folder");
    using _place = lockRun(path);
    const copy = new RunFolder(path);
    // What a killed copy left has no run.json, and is gone over.
    if (copy.readRun()) {
      throw new InputError(`Cannot write the run to ${path}: a run is there; choose another folder`);
    }
    for (const file of this.#writer.paths()) {
      const from = join(this.path, file);
      if (file === FILES.run.path || !existsSync(from)) continue; // a report, say, that somebody removed
      checkSum(this.path, file);
      await copy.#writer.copy(file, from);
    }
    await copy.writeRun(facts); // last: before it there is no run
    return copy;
  }

  /**
   * A folder in which there may be no run yet, for those who wait for one.
   *
   * @internal
   */
  static at(path: string): RunFolder {
    return new RunFolder(path);
  }

  /**
   * Removes a run of which nothing but `run.json` was written: nobody would miss it. Returns whether it did.
   *
   * @param options.given With the length that it was given, of a run that was begun just now.
   */
  async withdraw({ given = false }: { given?: boolean } = {}): Promise<boolean> {
    const facts: RunFile[] = Object.values<RunFile>(FILES).filter(({ required }) => required);
    if (given && this.readArchitecture()?.method === "given") facts.unshift(FILES.architecture);
    if (this.#writer.paths().toSorted().join() !== facts.map(({ path }) => path).toSorted().join()) {
      return false;
    }
    for (const file of facts) await this.#writer.remove(file);
    return true;
  }

  /**
   * Removes the folder if nothing of a run is in it: what was refused leaves nothing behind.
   *
   * @param options.dataset With the dataset that was prepared in it.
   */
  removeIfBare({ dataset = false }: { dataset?: boolean } = {}): void {
    if (dataset) removeDataset(this.path);
    removeIfBare(this.path);
  }

  /** Removes the unfinished files that a killed process left. Only for the holder of the run's lock. */
  removePartFiles(): void {
    this.#writer.removePartFiles();
  }

  /** `run.json`; undefined before it was first written. The dataset's folder is absolute in it. */
  readRun(): RunFacts | undefined {
    const facts = readValue(this.path, FILES.run);
    if (!facts) return undefined;
    const { dataset: { hash, name } } = facts, folder = datasetFolder(this.path, facts);
    return { ...facts, dataset: { hash, name, folder } };
  }

  /** Writes what the run says of itself. */
  async writeRun(facts: Omit<RunFacts, "format" | "version">): Promise<void> {
    checkCall("run.writeRun(facts)", [facts, objectWith("what the run says of itself", "dataset", "config")]);
    const { dataset } = facts;
    const run: RunFacts = {
      format: "automlp-run",
      version: RUN_VERSION,
      ...facts,
      dataset: { ...dataset, ...datasetPath(this.path, dataset.folder) },
    };
    // What was read and is written again has its fields in the order that it had before: the schema's.
    const order = Object.keys(runSchema.shape), place = (key: string) => order.indexOf(key);
    await this.#writer.value(
      FILES.run,
      Object.fromEntries(
        Object.entries(run).toSorted(([a], [b]) => place(a) - place(b)),
      ) as unknown as RunFacts,
    );
  }

  /**
   * Makes sure that the run is of this data.
   *
   * @param dataset As the manifest has it.
   * @throws {InputError} if its weights, search and figures are of other data.
   */
  checkDataset(dataset: { hash: string; name: string; folder?: string }): void {
    checkCall("run.checkDataset(dataset.manifest)", [
      dataset,
      objectWith("a dataset's hash and name", "hash", "name"),
    ]);
    const run = this.readRun();
    if (run) checkDataset(this.path, run, dataset);
  }

  /** `search/history.jsonl`; empty where nothing was searched. */
  readSearchHistory(): SearchRecord[] {
    const records = readLines(this.path, FILES.searchHistory);
    return records.length > 0 ? searchRecords(records, this.#candidates(records[0].alpha.length)) : records;
  }

  /** Writes the search's history. */
  async writeSearchHistory(records: readonly SearchRecord[]): Promise<void> {
    checkCall("run.writeSearchHistory(search.history)", [records, RECORDS]);
    await this.#writer.lines(FILES.searchHistory, records);
  }

  /** Whether what a user has had is ranked and recommended, too, as the run was begun. */
  get keepsSeen(): boolean {
    return this.readRun()?.config.keepSeen === true;
  }

  /** The candidates that were searched in words, for those who read α; numbers if the run does not say. */
  #candidates(count: number): string[] {
    const architecture = this.readArchitecture(), lengths = this.readRun()?.config.candidates;
    const known = architecture
      ? candidateNames(architecture)
      : Array.isArray(lengths)
      ? lengths.map(String)
      : [];
    return known.length === count ? known : numberedCandidates(count);
  }

  /** `search/trials.jsonl`; empty where the search was none that tries each candidate. */
  readTrials(): Trial[] {
    return readLines(this.path, FILES.trials);
  }

  /** Writes the trials of an exhaustive search. */
  async writeTrials(trials: readonly Trial[]): Promise<void> {
    checkCall("run.writeTrials(trials)", [trials, RECORDS]);
    await this.#writer.lines(FILES.trials, trials);
  }

  /** `architecture.json`; undefined before a length was selected. */
  readArchitecture(): Architecture | undefined {
    const architecture = readValue(this.path, FILES.architecture);
    return architecture && architectureWithDisplay(architecture);
  }

  /** Writes the selected length. */
  async writeArchitecture(architecture: Architecture): Promise<void> {
    checkCall("run.writeArchitecture(search.select())", [
      architecture,
      objectWith("a selected length", "shortTermLength"),
    ]);
    await this.#writer.value(FILES.architecture, architecture);
  }

  /** `train/history.jsonl`; empty where nothing was trained. */
  readTrainHistory(): TrainRecord[] {
    const records = readLines(this.path, FILES.trainHistory);
    return records.length > 0 ? trainRecords(records, this.#monitor(records[0])) : records;
  }

  /** Writes the training's history. */
  async writeTrainHistory(records: readonly TrainRecord[]): Promise<void> {
    checkCall("run.writeTrainHistory(training.history)", [records, RECORDS]);
    await this.#writer.lines(FILES.trainHistory, records);
  }

  /** What decided over the training, for those who read its history. */
  #monitor({ metrics }: TrainRecord): { metric: MetricName; protocol?: string } {
    const { metric, protocol } = this.readRun()?.config ?? {};
    const known = typeof metric === "string" && metric in metrics;
    return {
      metric: known ? metric as MetricName : metricsIn(metrics)[0],
      ...(typeof protocol === "string" && { protocol }),
    };
  }

  /** Whether there is a trained model: that of the best epoch so far. */
  get hasModel(): boolean {
    return isThere(this.#at(FILES.weights));
  }

  /**
   * Makes sure that there is a trained model.
   *
   * @throws {InputError} if there is none, with how to train it.
   */
  checkModel(): void {
    if (!this.hasModel) throw noModel(this.path);
  }

  /**
   * The trained model.
   *
   * @param check Called with what `config.json` says and the shapes of the weights, before memory is taken for them; it may throw.
   * @throws {InputError} if the run has none yet, or it is damaged or of another version.
   */
  readModel(
    check?: (config: ModelConfig, shapes: ReadonlyMap<string, readonly number[]>) => void,
  ): Promise<SavedTensors & { config: ModelConfig }> {
    return readModel(this.path, check);
  }

  /**
   * SHA-256 of the trained weights as they were written; undefined where there are none, or a version wrote them that kept no checksums.
   *
   * @internal
   */
  get weightsHash(): string | undefined {
    return FolderRecord.read(this.path)?.facts.files[FILES.weights.path]?.sha256;
  }

  /**
   * What `model/config.json` says; undefined where there is none.
   *
   * @internal
   */
  readModelConfig(): ModelConfig | undefined {
    return readModelConfig(this.path);
  }

  /**
   * Whether a job works here, with weights of its own.
   *
   * @internal
   */
  get isOfJob(): boolean {
    return this.readRun()?.config.identity !== undefined;
  }

  /** Writes `model/weights.safetensors` and `model/config.json`. */
  async writeModel(
    config: Omit<ModelConfig, "format" | "version">,
    tensors: ReadonlyMap<string, SavedTensor>,
  ): Promise<void> {
    checkCall(
      "run.writeModel(config, tensors)",
      [config, objectWith("the model's sizes and data", "dataset")],
      [tensors, { what: "a map of tensors by their names", fits: (value) => value instanceof Map }],
    );
    await writeModel(this.#writer, config, tensors);
  }

  /**
   * The last checkpoint of a phase, or the one before where the last is damaged; undefined if there is none.
   *
   * @param warn Called where it is not the last.
   * @throws {InputError} if no checkpoint that is there can be read.
   */
  async readCheckpoint(
    name: CheckpointName,
    warn: (message: string) => void = () => {},
  ): Promise<Checkpoint | undefined> {
    checkCall('run.readCheckpoint("train")', [name, CHECKPOINT_NAME]);
    return await readCheckpoint(this.path, name, warn);
  }

  /**
   * Whether there is a checkpoint of a phase.
   *
   * @internal
   */
  hasCheckpoint(name: CheckpointName): boolean {
    return hasCheckpoint(this.path, name);
  }

  /**
   * Writes a checkpoint; the one before is kept.
   *
   * @param options.keepBefore False where the one before is of another network: it is replaced.
   */
  async writeCheckpoint(
    name: CheckpointName,
    checkpoint: Checkpoint,
    options: { keepBefore?: boolean } = {},
  ): Promise<void> {
    checkCall('run.writeCheckpoint("train", checkpoint)', [name, CHECKPOINT_NAME], [checkpoint, CHECKPOINT], [
      options,
      AN_OBJECT,
    ]);
    checkOnly("write the checkpoint", options, { keepBefore: SWITCH });
    const { keepBefore = true } = options;
    await writeCheckpoint(this.#writer, name, checkpoint, keepBefore);
  }

  /** `metrics.json`; undefined before anything was evaluated. */
  readMetrics(): RunMetrics | undefined {
    const metrics = readValue(this.path, FILES.metrics);
    return metrics && metricsWithDisplay(metrics);
  }

  /** Writes the metrics of the model and the baselines. */
  async writeMetrics(metrics: RunMetrics): Promise<void> {
    checkCall("run.writeMetrics(metrics)", [
      metrics,
      objectWith("the metrics of model and baselines", "model"),
    ]);
    const { model, ...rest } = metrics;
    await this.#writer.value(FILES.metrics, { ...model, ...rest });
  }

  /** `insights.json`; undefined before anything was evaluated. */
  readInsights(): Insights | undefined {
    return readValue(this.path, FILES.insights);
  }

  /** Writes `insights.json`. */
  async writeInsights(insights: Insights): Promise<void> {
    checkCall("run.writeInsights(insights)", [
      insights,
      { ...AN_OBJECT, what: "insights, as run.readInsights() gives them" },
    ]);
    await this.#writer.value(FILES.insights, insights);
  }

  /** `data.json`: how the run's data are distributed; undefined before the first report. */
  readProfile(): DatasetProfile | undefined {
    return readValue(this.path, FILES.profile);
  }

  /** Writes `data.json`. */
  writeProfile(profile: DatasetProfile): Promise<void> {
    return this.#writer.value(FILES.profile, profile);
  }

  /** Where the ranks of the test positives are written. */
  get perUserPath(): string {
    return this.#at(FILES.perUser);
  }

  /**
   * Checks the ranks of the test positives before they are read from {@link RunFolder.perUserPath}.
   *
   * @throws {InputError} if they are not as they were written.
   */
  checkPerUser(): void {
    checkSum(this.path, FILES.perUser.path);
  }

  /** Where the report is written. */
  get reportPath(): string {
    return this.#at(FILES.report);
  }

  /**
   * The report as it was written; undefined where there is none.
   *
   * @throws {InputError} if it is damaged or was edited.
   */
  readReport(): string | undefined {
    return readText(this.path, FILES.report.path);
  }

  /**
   * Writes `report.html`. One that somebody has changed since it was written is set aside.
   *
   * @returns What that one is called now, below the folder; undefined where there is none.
   */
  async writeReport(html: string): Promise<string | undefined> {
    checkCall("run.writeReport(await reportHtml(facts))", [html, { ...TEXT, what: "a page of HTML" }]);
    return await this.#writer.page(FILES.report, html);
  }

  /** Removes the report, if what it reports is about to change. The rest as in {@link RunFolder.writeReport}. */
  removeReport(): Promise<string | undefined> {
    return this.#writer.removePage(FILES.report);
  }

  /** Removes metrics, insights, ranks and report, if the model is about to be replaced. The rest as in {@link RunFolder.writeReport}. */
  async removeFigures(): Promise<string | undefined> {
    const kept = await this.removeReport();
    for (const file of [FILES.metrics, FILES.insights, FILES.perUser]) await this.#writer.remove(file);
    return kept;
  }

  /** Paths, below the folder, of the results that are there: all of a run but checkpoints and the report. */
  files(): string[] {
    return Object.values<RunFile>(FILES).filter((file) =>
      file !== FILES.report && !file.path.startsWith("checkpoint/") && existsSync(this.#at(file))
    ).map(({ path }) => path);
  }

  #at({ path }: RunFile): string {
    return join(this.path, path);
  }

  #summary(): RunSummary {
    return {
      files: Object.values<RunFile>(FILES).flatMap((file) =>
        file.what && existsSync(this.#at(file)) ? [file.what] : []
      ),
      run: this.readRun(),
      search: this.readSearchHistory(),
      trials: this.readTrials(),
      architecture: this.readArchitecture(),
      train: this.readTrainHistory(),
      metrics: this.readMetrics(),
    };
  }

  /** What `JSON.stringify` writes. */
  toJSON(): Pick<RunFolder, "path"> {
    return { path: this.path };
  }

  /** As text, for a terminal. */
  toString(): string {
    return runText(this.path, this.#summary());
  }

  /** As an HTML fragment for a notebook. */
  toHtml(): string {
    return runHtml(this.path, this.#summary());
  }
}

/** A run folder, as an argument. */
export const RUN: Wanted = {
  what: 'a run folder, as RunFolder.open("runs/mine") gives it',
  fits: (value) => value instanceof RunFolder,
};

/** The same, or its path. */
export const RUN_OR_PATH: Wanted = {
  what: 'the path of a run folder, or what RunFolder.open("runs/mine") gives',
  fits: (value) => value instanceof RunFolder || FOLDER.fits(value),
};

const RECORDS = listOf("records", () => true);
const CHECKPOINT_NAME = oneOf(CHECKPOINT_NAMES);
