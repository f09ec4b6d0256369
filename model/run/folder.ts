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
 * checkpoint/                what is needed to go on
 * report.html                all of it for people
 * ```
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { shownArchitecture } from "../report/architecture.ts";
import { shownMetrics } from "../report/results.ts";
import { cannotWrite } from "./atomic.ts";
import { readJson, readLines, writeJson, writeLines, writeText } from "./json.ts";
import type { Architecture, RunMetrics, SearchRecord, TrainRecord, Trial } from "./records.ts";
import { readSafetensors, type SavedTensor, type SavedTensors, writeSafetensors } from "./safetensors.ts";
import * as schemas from "./schemas.ts";
import type { ModelConfig, RunFacts } from "./schemas.ts";
import { searchRecords } from "../search/show.ts";
import { trainRecords } from "../train/show.ts";
import { runHtml, type RunSummary, runText } from "./show.ts";

/** A moment of a run to go on from. Both parts lie in one file, so that they always belong together. */
export interface Checkpoint {
  /** Plain data: step, place in the epoch, α … JSON must be able to hold it. */
  state: unknown;
  /** Weights, moments. */
  tensors: ReadonlyMap<string, SavedTensor>;
}

/** The phases that can be gone on with. */
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

/** The files of one run. All are written whole or not at all. It shows itself in a notebook and as text. */
export class RunFolder {
  private constructor(readonly path: string) {}

  /**
   * A folder to write a run to; made where it is missing. What an earlier run left there stays until it is overwritten.
   *
   * @throws {InputError} where it is a folder of another kind, a run of a newer format, or cannot be made.
   */
  static create(path: string): RunFolder {
    const folder = new RunFolder(path);
    folder.#refuseOthers("write a run to");
    try {
      Deno.mkdirSync(path, { recursive: true });
    } catch (error) {
      throw cannotWrite(path, error);
    }
    return folder;
  }

  /**
   * The folder of a run that was begun before.
   *
   * @throws {InputError} where there is none, it is a folder of another kind, damaged, or of a newer format.
   */
  static open(path: string): RunFolder {
    const folder = new RunFolder(path);
    if (!folder.#refuseOthers("open the run")) {
      throw new InputError(
        `Cannot open the run ${path}: there is no run.json in it; make one with deno task pipeline --out ${path}`,
      );
    }
    return folder;
  }

  /** Whether a run is there that this program can read. */
  #refuseOthers(action: string): boolean {
    const header = readJson(this.#at("run.json"), headerSchema);
    if (!header) {
      if (!existsSync(this.#at("manifest.json"))) return false;
      throw new InputError(`Cannot ${action} ${this.path}: it is a dataset; give another folder`);
    }
    if (header.format !== "automlp-run") {
      throw new InputError(
        `Cannot ${action} ${this.path}: its run.json is not one of automlp; give another folder`,
      );
    }
    refuseNewer(this.#at("run.json"), "run", header.version, schemas.RUN_VERSION);
    return true;
  }

  #at(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  /** Where the report is written. */
  get reportPath(): string {
    return this.#at("report.html");
  }

  /** Where the ranks of the test positives are written. */
  get perUserPath(): string {
    return this.#at("per_user.parquet");
  }

  /** `run.json`; undefined before it was first written. */
  readRun(): RunFacts | undefined {
    return readJson(this.#at("run.json"), schemas.runSchema);
  }

  writeRun(facts: Omit<RunFacts, "format" | "version">): Promise<void> {
    return writeJson(this.#at("run.json"), { format: "automlp-run", version: schemas.RUN_VERSION, ...facts });
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
    const records = readLines(this.#at("search", "history.jsonl"), schemas.searchRecordSchema);
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
    return writeLines(this.#at("search", "history.jsonl"), records);
  }

  /** `search/trials.jsonl`; empty where the search was none that tries each candidate. */
  readTrials(): Trial[] {
    return readLines(this.#at("search", "trials.jsonl"), schemas.trialSchema);
  }

  writeTrials(trials: readonly Trial[]): Promise<void> {
    return writeLines(this.#at("search", "trials.jsonl"), trials);
  }

  /** `train/history.jsonl`; empty where nothing was trained. */
  readTrainHistory(): TrainRecord[] {
    const records = readLines(this.#at("train", "history.jsonl"), schemas.trainRecordSchema);
    return records.length > 0 ? trainRecords(records, this.#judge(records[0])) : records;
  }

  writeTrainHistory(records: readonly TrainRecord[]): Promise<void> {
    return writeLines(this.#at("train", "history.jsonl"), records);
  }

  /** `architecture.json`; undefined before a length was selected. */
  readArchitecture(): Architecture | undefined {
    const architecture = readJson(this.#at("architecture.json"), schemas.architectureSchema);
    return architecture && shownArchitecture(architecture);
  }

  writeArchitecture(architecture: Architecture): Promise<void> {
    return writeJson(this.#at("architecture.json"), architecture);
  }

  /** `metrics.json`; undefined before anything was evaluated. */
  readMetrics(): RunMetrics | undefined {
    const metrics = readJson(this.#at("metrics.json"), schemas.metricsFileSchema);
    return metrics && shownMetrics(metrics);
  }

  writeMetrics({ model, ...rest }: RunMetrics): Promise<void> {
    return writeJson(this.#at("metrics.json"), { ...model, ...rest });
  }

  /**
   * The trained model.
   *
   * @throws {InputError} where the run has none yet, or it is damaged or of another version.
   */
  async readModel(): Promise<SavedTensors & { config: ModelConfig }> {
    const path = this.#at("model", "config.json"), weights = this.#at("model", "weights.safetensors");
    const header = readJson(path, headerSchema);
    if (!header || !existsSync(weights)) {
      throw new InputError(
        `Cannot load the model of ${this.path}: it has none yet; finish the run with deno task pipeline --resume --out ${this.path}`,
      );
    }
    refuseNewer(path, "model", header.version, schemas.MODEL_VERSION);
    if (header.version < schemas.MODEL_VERSION) {
      throw new InputError(
        `Cannot load the model of ${this.path}: it has format version ${header.version}, whose networks lack the tensors ` +
          `sequence.gain and sequence.bias that version ${schemas.MODEL_VERSION} has; train it again`,
      );
    }
    const config = readJson(path, schemas.modelSchema)!, saved = await readSafetensors(weights);
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
    await writeSafetensors(this.#at("model", "weights.safetensors"), tensors, {
      format: "automlp-model",
      dataset: config.dataset.hash,
    });
    await writeJson(this.#at("model", "config.json"), {
      format: "automlp-model",
      version: schemas.MODEL_VERSION,
      ...config,
    });
  }

  #checkpoint(name: CheckpointName): string {
    return this.#at("checkpoint", `${name}.safetensors`);
  }

  /** The last checkpoint of a phase; undefined where there is none. */
  async readCheckpoint(name: CheckpointName): Promise<Checkpoint | undefined> {
    const path = this.#checkpoint(name);
    if (!existsSync(path)) return undefined;
    const { tensors, metadata } = await readSafetensors(path);
    try {
      return { tensors, state: JSON.parse(metadata.state) };
    } catch {
      throw new InputError(
        `Cannot go on from ${path}: it is not a checkpoint; remove it to begin the ${name} anew`,
      );
    }
  }

  writeCheckpoint(name: CheckpointName, { state, tensors }: Checkpoint): Promise<void> {
    return writeSafetensors(this.#checkpoint(name), tensors, { state: JSON.stringify(state) });
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
    return writeText(this.reportPath, html);
  }
}

/** What says which kind of file it is, and of which version. */
const headerSchema = z.looseObject({ format: z.string(), version: z.int().min(1) });

function refuseNewer(path: string, what: string, version: number, known: number): void {
  if (version <= known) return;
  throw new InputError(
    `Cannot read ${path}: the ${what} has format version ${version}, this program knows up to ${known}; use a newer automlp`,
  );
}

const short = (hash: string) => hash.slice(0, 8);
