/**
 * Between a model on an engine and one in a run folder.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { Engine } from "../backend/types.ts";
import { ItemEncoder } from "../layers/embedding.ts";
import { sizeOf } from "../layers/parameters.ts";
import type { RunFolder } from "../run/folder.ts";
import type { AutoMLP } from "./model.ts";
import { networkParameters } from "./network.ts";
import { type LoadedModel, ownModel } from "./own.ts";

/** Writes a model's configuration and weights into a run folder. */
export async function saveModel(
  run: RunFolder,
  model: AutoMLP,
  { dataset, seed }: { dataset: SequenceDataset; seed: number },
): Promise<void> {
  const { hash, name } = dataset.manifest, values = model.values();
  const tensors = model.specs.map(({ name, shape }) => [name, { shape, values: values.get(name)! }] as const);
  await run.writeModel({ dataset: { hash, name }, seed, network: model.config }, new Map(tensors));
}

/**
 * Puts the model of a run folder on the engine.
 *
 * @param options.name What tables and comparisons call it. Default: AutoMLP.
 * @throws {InputError} where there is none, it is damaged, or it was trained on another dataset.
 */
export async function loadModel(
  engine: Engine,
  run: RunFolder,
  dataset: SequenceDataset,
  { name }: { name?: string } = {},
): Promise<LoadedModel> {
  const { config: { network, dataset: trainedOn }, tensors } = await run.readModel();
  if (trainedOn.hash !== dataset.manifest.hash) {
    throw new InputError(
      `Cannot use the weights of ${run.path} with the dataset ${dataset.folder}: they were trained on another one`,
    );
  }
  const encoder = new ItemEncoder(engine, network.items, network.dim, dataset.features());
  const values = new Map<string, Float32Array>();
  for (const { name: tensor, shape } of [...encoder.parameters(), ...networkParameters(network)]) {
    const saved = tensors.get(tensor);
    if (!saved || saved.values.length !== sizeOf(shape)) {
      throw new InputError(
        `Cannot use the weights of ${run.path}: they have no tensor "${tensor}" of shape ${
          shape.join(" × ")
        }`,
      );
    }
    values.set(tensor, saved.values);
  }
  return ownModel(engine, network, encoder, values, name);
}
