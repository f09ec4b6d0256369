/**
 * Between a model on an engine and one in a run folder.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { ownVariable } from "../backend/kernels.ts";
import type { Engine } from "../backend/types.ts";
import type { Tensor } from "../backend/tensor.ts";
import { ItemEncoder } from "../layers/embedding.ts";
import { type ParameterSpec, sizeOf } from "../layers/parameters.ts";
import type { RunFolder } from "../run/folder.ts";
import type { NetworkConfig } from "./config.ts";
import { AutoMLP } from "./model.ts";
import { networkParameters } from "./network.ts";

/** All parameters of a network over a dataset's items, those of the embedding layer first. */
const parametersOf = (encoder: ItemEncoder, network: NetworkConfig): ParameterSpec[] => [
  ...encoder.parameters(),
  ...networkParameters(network),
];

/** Writes a model's configuration and weights into a run folder. */
export async function saveModel(
  run: RunFolder,
  encoder: ItemEncoder,
  network: NetworkConfig,
  values: ReadonlyMap<string, Float32Array>,
  { dataset, seed }: { dataset: SequenceDataset; seed: number },
): Promise<void> {
  const { hash, name } = dataset.manifest;
  const tensors = parametersOf(encoder, network)
    .map(({ name, shape }) => [name, { shape, values: values.get(name)! }] as const);
  await run.writeModel({ dataset: { hash, name }, seed, network }, new Map(tensors));
}

/** A model that owns its tensors. */
export interface LoadedModel {
  model: AutoMLP;
  dispose(): void;
}

/**
 * Puts the model of a run folder on the engine.
 *
 * @throws {InputError} where there is none, it is damaged, or it was trained on another dataset.
 */
export async function loadModel(
  engine: Engine,
  run: RunFolder,
  dataset: SequenceDataset,
): Promise<LoadedModel> {
  const { config: { network, dataset: trainedOn }, tensors } = await run.readModel();
  if (trainedOn.hash !== dataset.manifest.hash) {
    throw new InputError(
      `Cannot use the weights of ${run.path} with the dataset ${dataset.folder}: they were trained on another one`,
    );
  }
  const encoder = new ItemEncoder(engine, network.items, network.dim, dataset.features());
  const variables = new Map<string, Tensor>();
  for (const { name, shape } of parametersOf(encoder, network)) {
    const saved = tensors.get(name);
    if (!saved || saved.values.length !== sizeOf(shape)) {
      throw new InputError(
        `Cannot use the weights of ${run.path}: they have no tensor "${name}" of shape ${shape.join(" × ")}`,
      );
    }
    variables.set(name, ownVariable(engine.tf, saved.values, shape));
  }
  const model = new AutoMLP(engine, network, encoder, (name) => variables.get(name)!, [0]);
  return {
    model,
    dispose() {
      model.refresh();
      for (const variable of variables.values()) variable.dispose();
    },
  };
}
