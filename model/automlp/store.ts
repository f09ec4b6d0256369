/**
 * Between a model on an engine and one in a run folder.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { Engine } from "../backend/types.ts";
import { ItemEncoder } from "../layers/embedding.ts";
import { notFinite } from "../layers/expected.ts";
import { checkMemory } from "../memory/check.ts";
import type { RunFolder } from "../run/folder.ts";
import { checkNetworkOf } from "./build.ts";
import type { AutoMLP } from "./model.ts";
import { type LoadedModel, ownModel } from "./own.ts";
import { checkWeights } from "./weights.ts";

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
 * @throws {InputError} if there is none, it is damaged, a weight is infinite or no number, or it was trained on another dataset.
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
  checkNetworkOf(dataset, network);
  checkWeights(run.path, network, new Map([...tensors].map(([name, { shape }]) => [name, shape])));
  const values = new Map([...tensors].map(([name, { values }]) => [name, values]));
  const bad = notFinite(values);
  if (bad !== undefined) {
    throw new InputError(
      `Cannot use the weights of ${run.path}: not all of "${bad}" are finite numbers; train it again`,
    );
  }
  checkMemory(`use the model of ${run.path}`, dataset, network, { kind: "score" }, engine);
  const encoder = new ItemEncoder(engine, network.items, network.dim, dataset.features());
  return ownModel(engine, network, encoder, values, name);
}
