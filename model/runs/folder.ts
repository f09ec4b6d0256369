/**
 * A run folder: everything that a run leaves behind.
 *
 * ```
 * run.json                   command, configuration, seed, versions, data, times, memory, status
 * search/history.jsonl       α, entropy and losses over the search
 * search/trials.jsonl        of an exhaustive search: what each candidate came to
 * architecture.json          the selected length, and how clear the choice was
 * train/history.jsonl        losses and validation metrics over the training
 * model/config.json          the network's sizes
 * model/weights.safetensors  its weights
 * metrics.json               results, AutoMLP's beside those of the baselines
 * per_user.parquet           the rank of each test positive
 * checkpoint/                what is needed to resume; of each phase the last two
 * report.html                all of it for people
 * checksums.json             which of these files are automlp's, and what is in them
 * ```
 *
 * @module
 */
import { existsSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { announce } from "../../pipeline/contract/files/changes.ts";
import { hashFileSync, hashOf } from "../../pipeline/contract/files/hash.ts";
import { RUN_FILES } from "../../pipeline/contract/files/legacy.ts";
import { removeIfEmpty } from "../../pipeline/contract/files/made.ts";
import { claimRun } from "../../pipeline/contract/files/place.ts";
import { FolderRecord, readBytesSync, RECORD } from "../../pipeline/contract/files/record.ts";
import {
  cannotWrite,
  entryAt,
  firstLine,
  isMissing,
  isSystemError,
  makeFolder,
} from "../../pipeline/contract/files/system.ts";
import { removePartFiles } from "../../pipeline/contract/files/write.ts";
import { architectureWithDisplay } from "../views/architecture.ts";
import { metricsWithDisplay } from "../views/results.ts";
import { jsonText, linesText, parseJson, parseLines } from "../records/json.ts";
import { LOCK, lockRun } from "./lock.ts";
import type { Architecture, RunMetrics, SearchRecord, TrainRecord, Trial } from "../records/records.ts";
import {
  readSafetensors,
  type SavedTensor,
  type SavedTensors,
  writeTensors,
} from "../records/safetensors.ts";
import type { Checkpoint } from "../records/checkpoint.ts";
import * as schemas from "../records/schemas.ts";
import type { ModelConfig, RunFacts } from "../records/schemas.ts";
import { searchRecords } from "../views/search.ts";
import { trainRecords } from "../views/training.ts";
import { runHtml, type RunSummary, runText } from "../views/run.ts";

/** The phases that can be resumed. */
export type CheckpointName = "search" | "train";

/** Files of a run by what they are, for people. */
const PARTS = {
  "search/history.jsonl": "the search's history",
  "search/trials.jsonl": "the trials",
  "architecture.json": "the selected length",
  "train/history.jsonl": "the training's history",
  "model/weights.safetensors": "the model",
  "metrics.json": "metrics",
  "per_user.parquet": "ranks of the test positives",
  "checkpoint/search.safetensors": "a checkpoint of the search",
  "checkpoint/train.safetensors": "a checkpoint of the training",
  "report.html": "the report",
};

/** Bytes that a JSON file of a run can sensibly have. */
const MAX_TEXT_BYTES = 256 << 20;

/**
 * The files of one run. All are written whole or not at all, and compared with their checksums when they are read. It shows itself
 * in a notebook and as text.
 */
export class RunFolder {
  #open?: FolderRecord;

  private constructor(readonly path: string) {}

  /**
   * A folder to write a run to; made if it is missing. What an earlier run left there stays until it is overwritten.
   *
   * @param inputs Files that the run is made of: they may not lie in the folder.
   * @throws {InputError} if something else is there, or a run of a newer format, or it cannot be made.
   */
  static create(path: string, inputs: readonly string[] = []): RunFolder {
    const place = claimRun(path, { what: "the run", inputs });
    const folder = new RunFolder(path);
    if (place.begun) {
      folder.#refuseNewer();
    } else {
      try {
        makeFolder(place.path);
        FolderRecord.begin(path, "run").saveSync();
      } catch (error) {
        throw cannotWrite(path, error);
      }
    }
    return folder;
  }

  /**
   * The folder of a run that was begun before.
   *
   * @throws {InputError} if there is none, it is a folder of another kind, damaged, or of a newer format.
   */
  static open(path: string): RunFolder {
    const folder = new RunFolder(path);
    if (!folder.#refuseNewer()) {
      const other = existsSync(join(path, "manifest.json"));
      throw new InputError(
        `Cannot open the run ${path}: ${
          other
            ? "it is a dataset; give another folder"
            : `there is no run.json in it; make one with deno task pipeline --out ${path}`
        }`,
      );
    }
    return folder;
  }

  /** Takes back a run of which nothing but its facts was written: it is in nobody's way. Says whether it did. */
  async withdraw(): Promise<boolean> {
    if (this.#record().paths().join() !== "run.json") return false;
    await this.#record().remove("run.json");
    return true;
  }

  /** Removes the folder if nothing of a run is in it: what was refused leaves nothing behind. */
  removeIfBare(): void {
    try {
      if (FolderRecord.read(this.path)?.paths().length !== 0) return;
      const bare = [LOCK, RECORD], names = Array.from(Deno.readDirSync(this.path), ({ name }) => name);
      if (names.some((name) => !bare.includes(name))) return;
      lockRun(this.path)[Symbol.dispose](); // nobody else is at work on it
      for (const name of bare) {
        announce(`remove ${name}`);
        Deno.removeSync(this.#at(name)); // the record last: what a kill leaves is an empty folder, or one of ours
      }
      removeIfEmpty(this.path);
    } catch (error) {
      // Somebody else is at work on it, or it cannot be removed: it stays, and is taken for a run's folder by the next.
      if (!(error instanceof InputError || isSystemError(error))) throw error;
    }
  }

  /** Whether a run is there that this program can read. */
  #refuseNewer(): boolean {
    const header = this.#json("run.json", headerSchema);
    if (!header) return false;
    if (header.format !== "automlp-run") {
      throw new InputError(
        `Cannot open the run ${this.path}: its run.json is not one of automlp; give another folder`,
      );
    }
    refuseNewer(this.#at("run.json"), "run", header.version, schemas.RUN_VERSION);
    return true;
  }

  #at(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  /** The record to write with. A run of an earlier version gets one. */
  #record(): FolderRecord {
    this.#open ??= FolderRecord.read(this.path);
    if (!this.#open) {
      const record = FolderRecord.begin(this.path, "run");
      RUN_FILES.filter((file) => entryAt(this.#at(file))?.isFile).forEach((file) => record.enter(file));
      record.saveSync();
      this.#open = record;
    }
    return this.#open;
  }

  #write(file: string, text: string): Promise<void> {
    return this.#record().put(file, (part) => Deno.writeTextFileSync(part, text));
  }

  /** The text of a file as it was written; undefined if there is none. */
  #text(file: string): string | undefined {
    const path = this.#at(file);
    let bytes: Uint8Array;
    try {
      bytes = readBytesSync(path, MAX_TEXT_BYTES);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error instanceof InputError ? error : new InputError(`Cannot read ${path}: ${firstLine(error)}`);
    }
    this.#check(file, hashOf(bytes));
    return new TextDecoder().decode(bytes);
  }

  #json<T>(file: string, schema: z.ZodType<T>): T | undefined {
    const text = this.#text(file);
    return text === undefined ? undefined : parseJson(text, schema, this.#at(file));
  }

  #lines<T>(file: string, schema: z.ZodType<T>): T[] {
    return parseLines(this.#text(file) ?? "", schema, this.#at(file));
  }

  /** Refuses a file that is not as it was written. Runs of earlier versions have no checksums. */
  #check(file: string, sha256: string): void {
    FolderRecord.read(this.path)?.check(file, sha256);
  }

  /** Removes the files under way that a killed process left. Only for who holds the run's lock. */
  removePartFiles(): void {
    try {
      for (const folder of [".", "search", "train", "model", "checkpoint"].map((name) => this.#at(name))) {
        if (entryAt(folder)?.isDirectory) removePartFiles(folder);
      }
    } catch (error) {
      throw cannotWrite(this.path, error);
    }
  }

  /** Where the report is written. */
  get reportPath(): string {
    return this.#at("report.html");
  }

  /** Where the ranks of the test positives are written. */
  get perUserPath(): string {
    return this.#at("per_user.parquet");
  }

  /**
   * Checks the ranks of the test positives before they are read from {@link RunFolder.perUserPath}.
   *
   * @throws {InputError} if they are not as they were written.
   */
  checkPerUser(): void {
    this.#check("per_user.parquet", hashFileSync(this.perUserPath));
  }

  /** `run.json`; undefined before it was first written. The dataset's folder is absolute in it. */
  readRun(): RunFacts | undefined {
    const facts = this.#json("run.json", schemas.runSchema);
    return facts && { ...facts, dataset: { ...facts.dataset, folder: this.#datasetFolder(facts) } };
  }

  /** Where the run's dataset is: in the run, also after it was moved or copied, or where it was. */
  #datasetFolder({ version, dataset: { folder } }: RunFacts): string {
    const inside = this.#at("dataset");
    // Earlier versions wrote absolute paths of datasets in the run, too.
    if (version < 2 && !existsSync(folder) && existsSync(inside)) return resolve(inside);
    return resolve(this.path, folder);
  }

  writeRun(facts: Omit<RunFacts, "format" | "version">): Promise<void> {
    const below = relative(this.path, resolve(facts.dataset.folder));
    const inside = !below.startsWith("..") && !isAbsolute(below);
    return this.#write(
      "run.json",
      jsonText({
        format: "automlp-run",
        version: schemas.RUN_VERSION,
        ...facts,
        dataset: { ...facts.dataset, folder: inside ? below : resolve(facts.dataset.folder) },
      }),
    );
  }

  /**
   * Makes sure that the run is of this data.
   *
   * @param dataset As the manifest has it.
   * @throws {InputError} where its weights, search and figures are of other data.
   */
  checkDataset(dataset: { hash: string; name: string; folder?: string }): void {
    const run = this.readRun();
    if (!run || run.dataset.hash === dataset.hash) return;
    throw new InputError(
      `Cannot use the run ${this.path} with the dataset ${dataset.folder ?? dataset.name} (${
        short(dataset.hash)
      }): ` +
        `its weights are of another, ${run.dataset.name} (${short(run.dataset.hash)}); ` +
        `give ${run.dataset.folder}, or another folder with --out`,
    );
  }

  /** `search/history.jsonl`; empty where nothing was searched. */
  readSearchHistory(): SearchRecord[] {
    const records = this.#lines("search/history.jsonl", schemas.searchRecordSchema);
    return records.length > 0 ? searchRecords(records, this.#candidates(records[0].alpha.length)) : records;
  }

  /** The lengths that were searched, for those who read α; numbers where the run does not tell. */
  #candidates(count: number): number[] {
    const known = this.readArchitecture()?.candidates ?? this.readRun()?.config.candidates;
    const fits = Array.isArray(known) && known.length === count;
    return fits ? known : Array.from({ length: count }, (_, i) => i + 1);
  }

  /** What decided over the training, for those who read its history. */
  #judge({ metrics }: TrainRecord): { metric: string; protocol?: string } {
    const { metric, protocol } = this.readRun()?.config ?? {};
    const known = typeof metric === "string" && metric in metrics;
    return {
      metric: known ? metric : Object.keys(metrics)[0],
      ...(typeof protocol === "string" && { protocol }),
    };
  }

  writeSearchHistory(records: readonly SearchRecord[]): Promise<void> {
    return this.#write("search/history.jsonl", linesText(records));
  }

  /** `search/trials.jsonl`; empty where the search was none that tries each candidate. */
  readTrials(): Trial[] {
    return this.#lines("search/trials.jsonl", schemas.trialSchema);
  }

  writeTrials(trials: readonly Trial[]): Promise<void> {
    return this.#write("search/trials.jsonl", linesText(trials));
  }

  /** `train/history.jsonl`; empty where nothing was trained. */
  readTrainHistory(): TrainRecord[] {
    const records = this.#lines("train/history.jsonl", schemas.trainRecordSchema);
    return records.length > 0 ? trainRecords(records, this.#judge(records[0])) : records;
  }

  writeTrainHistory(records: readonly TrainRecord[]): Promise<void> {
    return this.#write("train/history.jsonl", linesText(records));
  }

  /** `architecture.json`; undefined before a length was selected. */
  readArchitecture(): Architecture | undefined {
    const architecture = this.#json("architecture.json", schemas.architectureSchema);
    return architecture && architectureWithDisplay(architecture);
  }

  writeArchitecture(architecture: Architecture): Promise<void> {
    return this.#write("architecture.json", jsonText(architecture));
  }

  /** `metrics.json`; undefined before anything was evaluated. */
  readMetrics(): RunMetrics | undefined {
    const metrics = this.#json("metrics.json", schemas.metricsFileSchema);
    return metrics && metricsWithDisplay(metrics);
  }

  writeMetrics({ model, ...rest }: RunMetrics): Promise<void> {
    return this.#write("metrics.json", jsonText({ ...model, ...rest }));
  }

  /**
   * The trained model.
   *
   * @param check Called with what `config.json` says and the shapes of the weights, before memory is taken for them; it may throw.
   *
   * @throws {InputError} where the run has none yet, or it is damaged or of another version.
   */
  async readModel(
    check?: (config: ModelConfig, shapes: ReadonlyMap<string, readonly number[]>) => void,
  ): Promise<SavedTensors & { config: ModelConfig }> {
    const path = this.#at("model", "config.json"), weights = this.#at("model", "weights.safetensors");
    const header = this.#json("model/config.json", headerSchema);
    if (!header || !existsSync(weights)) {
      throw new InputError(
        `Cannot load the model of ${this.path}: it has none yet; finish the run with deno task pipeline --resume --out ${this.path}`,
      );
    }
    refuseNewer(path, "model", header.version, schemas.MODEL_VERSION);
    if (header.version < schemas.OLDEST_MODEL_VERSION) {
      throw new InputError(
        `Cannot load the model of ${this.path}: it has format version ${header.version}, whose networks lack the tensors ` +
          `sequence.gain and sequence.bias that version ${schemas.OLDEST_MODEL_VERSION} has; train it again`,
      );
    }
    const schema = header.version < schemas.MODEL_VERSION ? schemas.automlpModelSchema : schemas.modelSchema;
    const config = this.#json<ModelConfig>("model/config.json", schema)!;
    const saved = await this.#tensors("model/weights.safetensors", (shapes) => check?.(config, shapes));
    const { dataset = config.dataset.hash } = saved.metadata;
    if (dataset !== config.dataset.hash) {
      throw new InputError(
        `Cannot load the model of ${this.path}: its weights are of another dataset (${short(dataset)}) ` +
          `than its config.json says, ${config.dataset.name} (${short(config.dataset.hash)}); train it again`,
      );
    }
    return { config, ...saved };
  }

  /** Writes `model/weights.safetensors` and `model/config.json`. */
  async writeModel(
    config: Omit<ModelConfig, "format" | "version">,
    tensors: ReadonlyMap<string, SavedTensor>,
  ): Promise<void> {
    const record = this.#record();
    const metadata = { format: "automlp-model", dataset: config.dataset.hash };
    await record.put("model/weights.safetensors", (part) => writeTensors(part, tensors, metadata));
    const header = { format: "automlp-model", version: schemas.MODEL_VERSION };
    await this.#write("model/config.json", jsonText({ ...header, ...config }));
  }

  /** A file of tensors, as it was written. */
  async #tensors(
    file: string,
    check?: (shapes: ReadonlyMap<string, readonly number[]>) => void,
  ): Promise<SavedTensors> {
    const path = this.#at(file);
    // Pipes are refused by the reader, which comes first where there is no record.
    if (entryAt(path)?.isFile) this.#check(file, hashFileSync(path));
    return await readSafetensors(path, { check });
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
    const files = CHECKPOINT_FILES(name).filter((file) => existsSync(this.#at(file)));
    const problems: string[] = [];
    for (const file of files) {
      try {
        const { tensors, metadata } = await this.#tensors(file);
        const state: unknown = JSON.parse(metadata.state);
        if (problems.length > 0) warn(`${problems[0]}; resumed from the checkpoint before it`);
        return { tensors, state };
      } catch (error) {
        problems.push(error instanceof InputError ? error.message : `${this.#at(file)} is not a checkpoint`);
      }
    }
    if (problems.length === 0) return undefined;
    throw new InputError(
      `Cannot resume the ${name} of ${this.path}: ${
        problems[0]
      }; remove checkpoint/${name}*.safetensors to begin it again`,
    );
  }

  /**
   * Writes a checkpoint; the one before is kept.
   *
   * @param options.alone The one before is of another network: it is replaced.
   */
  async writeCheckpoint(
    name: CheckpointName,
    { state, tensors }: Checkpoint,
    { alone = false }: { alone?: boolean } = {},
  ): Promise<void> {
    const record = this.#record(), [last, before] = CHECKPOINT_FILES(name);
    if (!alone && entryAt(this.#at(last))?.isFile) await record.move(last, before);
    await record.put(last, (part) => writeTensors(part, tensors, { state: JSON.stringify(state) }));
  }

  toString(): string {
    return runText(this.path, this.#summary());
  }

  /** The Deno Jupyter kernel's display protocol. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/html": runHtml(this.path, this.#summary()), "text/plain": this.toString() };
  }

  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }

  /** What is there of {@link PARTS}. */
  #files(): string[] {
    return Object.entries(PARTS).filter(([file]) => existsSync(this.#at(file))).map(([, what]) => what);
  }

  #summary(): RunSummary {
    return {
      files: this.#files(),
      run: this.readRun(),
      search: this.readSearchHistory(),
      trials: this.readTrials(),
      architecture: this.readArchitecture(),
      train: this.readTrainHistory(),
      metrics: this.readMetrics(),
    };
  }

  /** Writes `report.html`. */
  writeReport(html: string): Promise<void> {
    return this.#write("report.html", html);
  }

  /** Removes the report, where what it tells is about to change. */
  removeReport(): Promise<void> {
    return this.#record().remove("report.html");
  }
}

/** The files of a phase's checkpoints, the last first. */
const CHECKPOINT_FILES = (name: CheckpointName) => [
  `checkpoint/${name}.safetensors`,
  `checkpoint/${name}.previous.safetensors`,
];

/** What says which kind of file it is, and of which version. */
const headerSchema = z.looseObject({ format: z.string(), version: z.int().min(1) });

function refuseNewer(path: string, what: string, version: number, known: number): void {
  if (version <= known) return;
  throw new InputError(
    `Cannot read ${path}: the ${what} has format version ${version}, this program knows up to ${known}; use a newer automlp`,
  );
}

const short = (hash: string) => hash.slice(0, 8);
