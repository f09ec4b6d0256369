/**
 * Between a model on an engine and one in a run folder.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { Engine } from "../backend/types.ts";
import { sizeOf } from "../layers/parameters.ts";
import type { RunFolder } from "../run/folder.ts";
import { methodOf, type Model } from "../train/method.ts";
import { type LoadedModel, ownModel } from "../train/own_model.ts";
import "./registry.ts";

/** Writes a model's configuration and weights into a run folder. */
export async function saveModel(
  run: RunFolder,
  model: Model,
  { dataset, seed }: { dataset: SequenceDataset; seed: number },
): Promise<void> {
  const { hash, name } = dataset.manifest, values = model.values();
  const tensors = model.specs.map(({ name, shape }) => [name, { shape, values: values.get(name)! }] as const);
  await run.writeModel({
    dataset: { hash, name },
    seed,
    method: model.config.method,
    config: { ...model.config },
  }, new Map(tensors));
}

/**
 * Puts the model of a run folder on the engine.
 *
 * @param options.name What tables and comparisons call it. Default: the method's title.
 * @throws {InputError} if there is none, it is damaged, was trained on another dataset, or by a method that is not known.
 */
export async function loadModel(
  engine: Engine,
  run: RunFolder,
  dataset: SequenceDataset,
  { name }: { name?: string } = {},
): Promise<LoadedModel> {
  const { config: { config: sizes, dataset: trainedOn }, tensors } = await run.readModel();
  if (trainedOn.hash !== dataset.manifest.hash) {
    throw new InputError(
      `Cannot use the weights of ${run.path} with the dataset ${dataset.folder}: they were trained on another one`,
    );
  }
  const method = methodOf(sizes), config = method.reconfigure(sizes, {});
  const { specs } = method.model(engine, dataset, config, () => {
    throw new Error("A model computes nothing before it has weights");
  });
  const values = new Map<string, Float32Array>();
  for (const { name: tensor, shape } of specs) {
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
  return ownModel(engine, dataset, config, values, name);
}
