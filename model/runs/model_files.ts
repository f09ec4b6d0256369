/**
 * The trained model in a run folder: the description of its network, and its weights.
 *
 * @module
 */
import { join } from "node:path";
import { checkVersion, isThere } from "../../pipeline/contract/files/readable.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { SavedTensor, SavedTensors } from "../records/safetensors.ts";
import { MODEL_VERSION } from "../records/schemas.ts";
import type { ModelConfig } from "../records/records.ts";
import { shortHash } from "./dataset.ts";
import { FILES } from "./files.ts";
import { headerSchema } from "./place.ts";
import { type CheckShapes, readTensors, readValue } from "./read.ts";
import { resumedRun, retrainCommand } from "../views/epochs.ts";
import type { RunWriter } from "./write.ts";

const refused = (folder: string, problem: string) =>
  new InputError(`Cannot load the model of ${folder}: ${problem}`);

/**
 * Says why a run without a model cannot be used, and what to do: resume a run that was interrupted, train one that ended before training.
 */
export function noModel(folder: string): InputError {
  const run = readValue(folder, FILES.run);
  const isCutOff = run !== undefined && run.status !== "done";
  return refused(
    folder,
    `it has none yet; ${
      isCutOff ? `to continue: ${resumedRun(run, folder)}` : `train it with ${retrainCommand(folder)}`
    }`,
  );
}

/**
 * Checks that the model may be trained further or replaced: to another version, the same weights may mean something else.
 *
 * @throws {InputError} if another version wrote it.
 */
export function checkModelVersion(folder: string): void {
  const { path } = FILES.modelConfig, header = readValue(folder, { path, schema: headerSchema });
  checkVersion(join(folder, path), "the model", header?.version, MODEL_VERSION);
}

/** Reads the configuration of the model; undefined if there is none. */
export function readModelConfig(folder: string): ModelConfig | undefined {
  const { path } = FILES.modelConfig, header = readValue(folder, { path, schema: headerSchema });
  if (!header) return undefined;
  checkModelVersion(folder);
  return readValue(folder, FILES.modelConfig);
}

/**
 * Reads the model.
 *
 * @param check Called with the configuration and the shapes of the weights, before memory is allocated for them; it may throw.
 * @throws {InputError} if the run has no model yet, or it is damaged or of another version.
 */
export async function readModel(
  folder: string,
  check?: (config: ModelConfig, ...rest: Parameters<CheckShapes>) => void,
): Promise<SavedTensors & { config: ModelConfig }> {
  if (!isThere(join(folder, FILES.weights.path))) throw noModel(folder);
  const config = readModelConfig(folder);
  if (!config) throw noModel(folder);
  const saved = await readTensors(folder, FILES.weights, (shapes) => check?.(config, shapes));
  const { dataset = config.dataset.hash } = saved.metadata;
  if (dataset !== config.dataset.hash) {
    throw refused(
      folder,
      `its weights are of another dataset (${shortHash(dataset)}) ` +
        `than its config.json says, ${config.dataset.name} (${
          shortHash(config.dataset.hash)
        }); train it again`,
    );
  }
  return { config, ...saved };
}

/** Writes the model: its weights, then the configuration, which says that they exist. */
export async function writeModel(
  writer: RunWriter,
  config: Omit<ModelConfig, "format" | "version">,
  tensors: ReadonlyMap<string, SavedTensor>,
): Promise<void> {
  await writer.tensors(FILES.weights, tensors, { format: "automlp-model", dataset: config.dataset.hash });
  await writer.value(FILES.modelConfig, { format: "automlp-model", version: MODEL_VERSION, ...config });
}
