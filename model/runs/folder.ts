/**
 * A run folder: everything that a run writes, in the files listed in `files.ts`.
 *
 * @module
 */
import { type MetricName, metricsIn } from "../records/evaluation.ts";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { candidateNames, numberedCandidates } from "../records/candidates.ts";
import type { Checkpoint } from "../records/checkpoint.ts";
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
import { architectureWithDisplay, searchRecords } from "../views/search.ts";
import { metricsWithDisplay } from "../views/results.ts";
import { runHtml, type RunSummary, runText } from "../views/run.ts";
import { trainRecords } from "../views/training.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { FolderRecord } from "../../pipeline/contract/files/checksums.ts";
import { fixedPath, isThere } from "../../pipeline/contract/files/readable.ts";
import type { DatasetProfile } from "../../pipeline/inspect/facts.ts";
import { Shown } from "../../pipeline/display/shown.ts";
import { type CheckpointName, hasCheckpoint, readCheckpoint, writeCheckpoint } from "./checkpoints.ts";
import { checkDataset, datasetFolder, datasetPath } from "./dataset.ts";
import { FILES, type RunFile, type ValueFile } from "./files.ts";
import { lockRun, lockToCopy } from "./lock.ts";
import { noModel, readModel, readModelConfig, writeModel } from "./model_files.ts";
import { holdsModelAlone, removeDataset, removeIfBare, requireRun, takePlace } from "./place.ts";
import { checkSum, readLines, readText, readValue } from "./read.ts";
import { RunWriter } from "./write.ts";

/**
 * The files of one run. Each is written completely or not at all, and its checksum is verified when it is read. The folder displays itself
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
 * assert.equal(run.read("trainHistory").length, 1);
 * console.log(run.readRun()?.parameters);
 * ```
 */
export class RunFolder extends Shown {
  readonly #path: () => string;
  readonly #writer: RunWriter;

  private constructor(path: string) {
    super();
    this.#path = fixedPath(path);
    this.#writer = new RunWriter(path);
  }

  /** Path of the folder as it was given, or absolute if the working directory has changed since. */
  get path(): string {
    return this.#path();
  }

  /**
   * Returns a folder to write a run to, created if it is missing. What an earlier run left there stays until it is overwritten.
   *
   * @param inputs Files that the run is made from; they must not be in the folder.
   * @throws {InputError} if something else or a run of a newer format is there, or the folder cannot be created.
   */
  static create(path: string, inputs: readonly string[] = []): RunFolder {
    takePlace(path, inputs);
    return new RunFolder(path);
  }

  /**
   * Opens the folder of a run that has begun.
   *
   * @throws {InputError} if there is none, or it is a folder of another kind, damaged, or of a newer format.
   */
  static open(path: string): RunFolder {
    requireRun(path);
    return new RunFolder(path);
  }

  /**
   * Opens the folder of a run, or of a model alone.
   *
   * @throws {InputError} if there is neither; see {@link RunFolder.open}.
   * @internal
   */
  static openModel(path: string): RunFolder {
    if (!holdsModelAlone(path)) requireRun(path);
    return new RunFolder(path);
  }

  /**
   * Copies the run to another folder, with everything needed to continue training. A dataset inside the run folder is not copied, nor are
   * files that automlp did not write.
   *
   * @throws {InputError} if something is there, a process is working on the run, a file was changed after it was written, or the copy
   * cannot be written.
   */
  async copyTo(path: string): Promise<RunFolder> {
    const facts = this.readRun();
    if (!facts) throw new InputError(`Cannot copy the run ${this.path}: it has no run.json yet`);
    using _source = lockToCopy(this.path);
    takePlace(path, [this.path], "choose another folder");
    using _place = lockRun(path);
    const copy = new RunFolder(path);
    // What a killed copy left has no run.json, and is overwritten.
    if (copy.readRun()) {
      throw new InputError(`Cannot write the run to ${path}: a run is there; choose another folder`);
    }
    for (const file of this.#writer.paths()) {
      const from = join(this.path, file);
      if (file === FILES.run.path || !existsSync(from)) continue; // for instance a report that somebody removed
      checkSum(this.path, file);
      await copy.#writer.copy(file, from);
    }
    await copy.writeRun(facts); // last: without it there is no run
    return copy;
  }

  /**
   * Returns a folder that may not hold a run yet, for callers that wait for one.
   *
   * @internal
   */
  static at(path: string): RunFolder {
    return new RunFolder(path);
  }

  /**
   * Removes a run of which only `run.json` was written, as nothing is lost with it. Returns whether it did.
   *
   * @param options.given Also remove the length that was given to a run that has only just begun.
   */
  async withdraw({ given = false }: { given?: boolean } = {}): Promise<boolean> {
    const facts: RunFile[] = Object.values<RunFile>(FILES).filter(({ required }) => required);
    if (given && this.read("architecture")?.method === "given") facts.unshift(FILES.architecture);
    if (this.#writer.paths().toSorted().join() !== facts.map(({ path }) => path).toSorted().join()) {
      return false;
    }
    for (const file of facts) await this.#writer.remove(file);
    return true;
  }

  /**
   * Removes the folder if it holds nothing of a run, so that a refused run leaves nothing behind.
   *
   * @param options.dataset Also remove the dataset that was prepared in it.
   */
  removeIfBare({ dataset = false }: { dataset?: boolean } = {}): void {
    if (dataset) removeDataset(this.path);
    removeIfBare(this.path);
  }

  /** Removes the unfinished files that a killed process left. Only the holder of the run's lock may call it. */
  removePartFiles(): void {
    this.#writer.removePartFiles();
  }

  /** Reads `run.json`; undefined before it was first written. The dataset's folder is absolute in the result. */
  readRun(): RunFacts | undefined {
    const facts = readValue(this.path, FILES.run);
    if (!facts) return undefined;
    const { dataset: { hash, name, seed } } = facts, folder = datasetFolder(this.path, facts);
    return { ...facts, dataset: { hash, name, seed, folder } };
  }

  /** Writes the record of the run, `run.json`. */
  async writeRun(facts: Omit<RunFacts, "format" | "version">): Promise<void> {
    const { dataset } = facts;
    const run: RunFacts = {
      format: "automlp-run",
      version: RUN_VERSION,
      ...facts,
      dataset: { ...dataset, ...datasetPath(this.path, dataset.folder) },
    };
    // A record that was read and is written again keeps the order of its fields: the schema's.
    const order = Object.keys(runSchema.shape), place = (key: string) => order.indexOf(key);
    await this.#writer.value(
      FILES.run,
      Object.fromEntries(
        Object.entries(run).toSorted(([a], [b]) => place(a) - place(b)),
      ) as unknown as RunFacts,
    );
  }

  /**
   * Checks that the run is of this dataset.
   *
   * @param dataset Hash, name and folder, as in the manifest.
   * @throws {InputError} if the run's weights, search and figures are of other data.
   */
  checkDataset(dataset: { hash: string; name: string; folder?: string }): void {
    const run = this.readRun();
    if (run) checkDataset(this.path, run, dataset);
  }

  /**
   * Reads one of the run's files of values, each of which shows itself in a notebook; undefined, or empty for a history, if it was not written
   * yet.
   *
   * @throws {InputError} if it was changed after it was written.
   */
  read<N extends RunFileName>(name: N): RunFileValue<N> {
    const file: ValueFile<unknown> = FILES[name];
    return this.#shown(
      name,
      file.lines ? readLines(this.path, file) : readValue(this.path, file),
    ) as RunFileValue<N>;
  }

  /** Writes one of the run's files of values. */
  async write<N extends RunFileName>(name: N, value: RunFileValues[N]): Promise<void> {
    const file: ValueFile<unknown> = FILES[name];
    if (file.lines) await this.#writer.lines(file, value as unknown[]);
    else await this.#writer.value(file, value);
  }

  /** A value that shows itself, if it can. */
  #shown(name: RunFileName, value: unknown): unknown {
    if (value === undefined || Array.isArray(value) && value.length === 0) return value;
    switch (name) {
      case "architecture":
        return architectureWithDisplay(value as Architecture);
      case "metrics":
        return metricsWithDisplay(value as RunMetrics);
      case "searchHistory": {
        const records = value as SearchRecord[];
        return searchRecords(records, this.#candidates(records[0].alpha.length));
      }
      case "trainHistory": {
        const records = value as TrainRecord[];
        return trainRecords(records, this.#monitor(records[0]));
      }
      default:
        return value;
    }
  }

  /** Whether the run was begun, or the saved model trained, with `keepSeen`: items that a user has had are ranked and recommended too. */
  get keepsSeen(): boolean {
    const { keepSeen } = this.readRun()?.config.training ?? this.readModelConfig() ?? {};
    return keepSeen === true;
  }

  /** The searched candidates in words, for readers of α; numbered if the run does not record them. */
  #candidates(count: number): string[] {
    const architecture = this.read("architecture"), lengths = this.readRun()?.config.search?.lengths;
    const known = architecture
      ? candidateNames(architecture)
      : Array.isArray(lengths)
      ? lengths.map(String)
      : [];
    return known.length === count ? known : numberedCandidates(count);
  }

  /** The metric that training monitored, for readers of its history. */
  #monitor({ metrics }: TrainRecord): { metric: MetricName; protocol?: string } {
    const { metric, protocol } = this.readRun()?.config.training ?? {};
    const isKnown = metric !== undefined && metric in metrics;
    return { metric: isKnown ? metric : metricsIn(metrics)[0], ...(protocol && { protocol }) };
  }

  /** Whether there is a trained model, that of the best epoch so far. */
  get hasModel(): boolean {
    return isThere(this.#at(FILES.weights));
  }

  /**
   * Checks that there is a trained model.
   *
   * @throws {InputError} if there is none; the message says how to train it.
   */
  checkModel(): void {
    if (!this.hasModel) throw noModel(this.path);
  }

  /**
   * Reads the trained model.
   *
   * @param check Called with the contents of `config.json` and the shapes of the weights, before memory is allocated for them; it may
   * throw.
   * @throws {InputError} if the run has no model yet, or it is damaged or of another version.
   */
  readModel(
    check?: (config: ModelConfig, shapes: ReadonlyMap<string, readonly number[]>) => void,
  ): Promise<SavedTensors & { config: ModelConfig }> {
    return readModel(this.path, check);
  }

  /**
   * SHA-256 of the trained weights as they were written; undefined if there are none.
   *
   * @internal
   */
  get weightsHash(): string | undefined {
    return FolderRecord.read(this.path)?.facts.files[FILES.weights.path]?.sha256;
  }

  /**
   * Reads `model/config.json`; undefined if there is none.
   *
   * @internal
   */
  readModelConfig(): ModelConfig | undefined {
    return readModelConfig(this.path);
  }

  /**
   * Whether a job works in this folder, with weights of its own.
   *
   * @internal
   */
  get isOfJob(): boolean {
    return this.readRun() !== undefined;
  }

  /** Writes `model/weights.safetensors` and `model/config.json`. */
  async writeModel(
    config: Omit<ModelConfig, "format" | "version">,
    tensors: ReadonlyMap<string, SavedTensor>,
  ): Promise<void> {
    await writeModel(this.#writer, config, tensors);
  }

  /**
   * Reads the last checkpoint of a phase, or the one before if the last is damaged; undefined if there is none.
   *
   * @param warn Called if the checkpoint is not the last one.
   * @throws {InputError} if there are checkpoints but none can be read.
   */
  async readCheckpoint(
    name: CheckpointName,
    warn: (message: string) => void = () => {},
  ): Promise<Checkpoint | undefined> {
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
   * Writes a checkpoint; the previous one is kept.
   *
   * @param options.keepBefore False if the previous one belongs to another network, and is therefore replaced.
   */
  async writeCheckpoint(
    name: CheckpointName,
    checkpoint: Checkpoint,
    options: { keepBefore?: boolean } = {},
  ): Promise<void> {
    const { keepBefore = true } = options;
    await writeCheckpoint(this.#writer, name, checkpoint, keepBefore);
  }

  /** Path of the file with the ranks of the test positives. */
  get perUserPath(): string {
    return this.#at(FILES.perUser);
  }

  /**
   * Checks the checksum of the ranks of the test positives before they are read from {@link RunFolder.perUserPath}.
   *
   * @throws {InputError} if the file was changed after it was written.
   */
  checkPerUser(): void {
    checkSum(this.path, FILES.perUser.path);
  }

  /** Path of the report. */
  get reportPath(): string {
    return this.#at(FILES.report);
  }

  /**
   * Reads the report; undefined if there is none.
   *
   * @throws {InputError} if it was damaged or edited.
   */
  readReport(): string | undefined {
    return readText(this.path, FILES.report.path);
  }

  /** Writes `report.html`. */
  async writeReport(html: string): Promise<void> {
    await this.#writer.text(FILES.report, html);
  }

  /**
   * Removes a report that has figures, because these are about to change; that of a training in progress has none, and stays.
   */
  async removeReport(): Promise<void> {
    if (existsSync(this.#at(FILES.metrics))) await this.#writer.remove(FILES.report);
  }

  /** Removes metrics, insights, ranks and their report, because the model is about to be replaced. */
  async removeFigures(): Promise<void> {
    await this.removeReport();
    for (const file of [FILES.metrics, FILES.insights, FILES.perUser]) await this.#writer.remove(file);
  }

  /** Returns the paths of the results present, relative to the folder: all files of a run except checkpoints and the report. */
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
      search: this.read("searchHistory"),
      trials: this.read("trials"),
      architecture: this.read("architecture"),
      train: this.read("trainHistory"),
      metrics: this.read("metrics"),
    };
  }

  /** Returns what `JSON.stringify` writes. */
  toJSON(): Pick<RunFolder, "path"> {
    return { path: this.path };
  }

  /** Returns the run as text, for a terminal. */
  toString(): string {
    return runText(this.path, this.#summary());
  }

  /** Returns the run as an HTML fragment, for a notebook. */
  toHtml(): string {
    return runHtml(this.path, this.#summary());
  }
}

/** What the files of values of a run hold, by their names. */
export interface RunFileValues {
  /** `search/history.jsonl`: the search over its steps. */
  searchHistory: readonly SearchRecord[];
  /** `search/trials.jsonl`: the trials of an exhaustive search. */
  trials: readonly Trial[];
  /** `architecture.json`: the selected length. */
  architecture: Architecture;
  /** `train/history.jsonl`: the training by epoch. */
  trainHistory: readonly TrainRecord[];
  /** `metrics.json`: the figures of all methods. */
  metrics: RunMetrics;
  /** `insights.json`: whom the model serves well, and a few people. */
  insights: Insights;
  /** `data.json`: how the run's data are distributed. */
  profile: DatasetProfile;
}

/** The name of a file of values. {@link RunFolder.read} takes it. */
export type RunFileName = keyof RunFileValues;

/** What reading a file of values gives: records, none if nothing was written, or a value that may be missing. */
export type RunFileValue<N extends RunFileName> = RunFileValues[N] extends readonly (infer R)[] ? R[]
  : RunFileValues[N] | undefined;
