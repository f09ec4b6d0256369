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
import { cannotWrite } from "./atomic.ts";
import { appendLine, readJson, readLines, writeJson, writeLines, writeText } from "./json.ts";
import type { Architecture, RunMetrics, SearchRecord, TrainRecord, Trial } from "./records.ts";
import { readSafetensors, type SavedTensor, type SavedTensors, writeSafetensors } from "./safetensors.ts";
import * as schemas from "./schemas.ts";
import type { ModelConfig, RunFacts } from "./schemas.ts";

/** A moment of a run to go on from. Both parts lie in one file, so that they always belong together. */
export interface Checkpoint {
  /** Plain data: step, place in the epoch, α … JSON must be able to hold it. */
  state: unknown;
  /** Weights, moments. */
  tensors: ReadonlyMap<string, SavedTensor>;
}

/** The phases that can be gone on with. */
export type CheckpointName = "search" | "train";

/** The files of one run. All are written whole or not at all. */
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
    return readLines(this.#at("search", "history.jsonl"), schemas.searchRecordSchema);
  }

  writeSearchHistory(records: readonly SearchRecord[]): Promise<void> {
    return writeLines(this.#at("search", "history.jsonl"), records);
  }

  appendSearchRecord(record: SearchRecord): Promise<void> {
    return appendLine(this.#at("search", "history.jsonl"), record);
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
    return readLines(this.#at("train", "history.jsonl"), schemas.trainRecordSchema);
  }

  writeTrainHistory(records: readonly TrainRecord[]): Promise<void> {
    return writeLines(this.#at("train", "history.jsonl"), records);
  }

  appendTrainRecord(record: TrainRecord): Promise<void> {
    return appendLine(this.#at("train", "history.jsonl"), record);
  }

  /** `architecture.json`; undefined before a length was selected. */
  readArchitecture(): Architecture | undefined {
    return readJson(this.#at("architecture.json"), schemas.architectureSchema);
  }

  writeArchitecture(architecture: Architecture): Promise<void> {
    return writeJson(this.#at("architecture.json"), architecture);
  }

  /** `metrics.json`; undefined before anything was evaluated. */
  readMetrics(): RunMetrics | undefined {
    return readJson(this.#at("metrics.json"), schemas.metricsFileSchema);
  }

  writeMetrics({ model, ...rest }: RunMetrics): Promise<void> {
    return writeJson(this.#at("metrics.json"), { ...model, ...rest });
  }

  /**
   * The trained model.
   *
   * @throws {InputError} where the run has none yet, or it is damaged or of a newer format.
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

  /** Takes a checkpoint away, where there is one: its phase is over. */
  dropCheckpoint(name: CheckpointName): void {
    try {
      Deno.removeSync(this.#checkpoint(name));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw cannotWrite(this.#checkpoint(name), error);
    }
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
