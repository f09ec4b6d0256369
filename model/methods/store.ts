/**
 * Moves models between an engine and run folders: saves and loads them.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { USE_NEWER } from "../../pipeline/contract/files/readable.ts";
import { openEngine } from "../backend/engine.ts";
import type { Engine } from "../backend/types.ts";
import { notFinite, shapeProblem } from "../layers/expected.ts";
import type { ParameterSpec } from "../layers/parameters.ts";
import { learntPart } from "../records/learnt_part.ts";
import { shortHash } from "../runs/dataset.ts";
import { RunFolder } from "../runs/folder.ts";
import { takePlace } from "../runs/place.ts";
import { warnOfUnfinished } from "../runs/unfinished.ts";
import { learntOf, strangeTo } from "../trained_on.ts";
import { learntAs, trainOnOf } from "../train/train_on.ts";
import type { MethodConfig, TrainedNetwork } from "../train/method.ts";
import { isMethod, methodOf } from "../train/methods.ts";
import { type LoadedModel, ownModel } from "../train/model_weights.ts";
import "./registry.ts";

/**
 * Writes a model's configuration and weights into a run folder, where {@link loadModel} finds them. A model of the same method, dataset and
 * seed that was saved there before is replaced, so that a notebook cell can be run again.
 *
 * @param run The folder, or its path. It is created if it is missing.
 * @throws {InputError} if the folder holds another model, or a run of a job, which has a model of its own; if it is some other kind of
 * folder, or cannot be written.
 * @example
 * ```ts
 * import { loadModel, prepare, readDataset, recommend, saveModel, train } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out: `${out}/data` });
 * const model = await train("gru4rec", dataset, { epochs: 1, dim: 8, length: 10, seed: 1 });
 * await saveModel(`${out}/model`, model, { dataset, seed: 1 });
 *
 * // Another process, a service for instance: data and model are read once, and asked often.
 * const data = await readDataset(`${out}/data`);
 * const { model: again } = await loadModel(`${out}/model`, data);
 * console.log(await recommend(again, data, { users: "u0001", k: 5 }));
 * ```
 */
export async function saveModel(
  run: RunFolder | string,
  model: TrainedNetwork,
  of: { dataset: SequenceDataset; seed: number },
): Promise<void> {
  const { items } = model.config as { items?: number }, strange = strangeTo(model, of.dataset, items);
  if (strange !== undefined) {
    throw new InputError(
      `Cannot save the model to ${
        typeof run === "string" ? run : run.path
      } as one of ${of.dataset.folder}: ${strange}; give the dataset that it was trained on`,
    );
  }
  const folder = typeof run === "string" ? folderAt(run) : run;
  const learnt = { ...of, dataset: learntBy(model, of.dataset) };
  refuseToReplace(folder, model, learnt);
  await writeTrained(folder, model, learnt);
}

/** Returns the dataset without holding out what either it or the model says was learnt: learnt data must not test the model later. */
function learntBy(model: TrainedNetwork, dataset: SequenceDataset): SequenceDataset {
  const learnt = learntOf(model, dataset);
  return learntAs(
    dataset,
    trainOnOf({ heldOut: dataset.heldOut.filter((part) => !learnt.includes(part)) }),
  );
}

/** Returns the folder for a model, which may already exist. */
function folderAt(path: string): RunFolder {
  takePlace(path, [], "give another folder");
  return RunFolder.at(path);
}

/** The dataset that a model was trained on, and the seed. */
interface Origin {
  dataset: SequenceDataset;
  seed: number;
}

/** @throws {InputError} if saving would overwrite a different model. */
function refuseToReplace(run: RunFolder, { config: { method } }: TrainedNetwork, of: Origin): void {
  const refuse = (state: string) =>
    new InputError(`Cannot save the model to ${run.path}: ${state}; give another folder`);
  if (run.isOfJob) {
    throw refuse(
      `there is a run of ${run.readRun()!.title}, whose model is never replaced`,
    );
  }
  const there = run.readModelConfig();
  if (!there) return;
  const { hash, name } = of.dataset.manifest, { dataset } = there, trainedOn = trainOnOf(of.dataset);
  const [other] = [
    there.method !== method &&
    `one of ${methodOf(there).title}, and this is one of ${methodOf({ method }).title}`,
    dataset.hash !== hash &&
    `of the dataset ${dataset.name} (${shortHash(dataset.hash)}), and this is of ${name} (${
      shortHash(hash)
    })`,
    there.seed !== of.seed && `of the seed ${there.seed}, and this is of ${of.seed}`,
    there.trainedOn !== trainedOn &&
    `trained on ${learntPart(there.trainedOn)}, and this on ${learntPart(trainedOn)}`,
  ].filter((difference) => difference !== false);
  if (other !== undefined) throw refuse(`the model there is ${other}`);
}

/** Writes a model and replaces any that was there: for the job, which knows that the one there is its own. */
export async function writeTrained(
  run: RunFolder,
  model: TrainedNetwork,
  { dataset, seed }: Origin,
): Promise<void> {
  const { hash, name } = dataset.manifest, values = model.values();
  const tensors = model.specs.map(({ name, shape }) => [name, { shape, values: values.get(name)! }] as const);
  await run.writeModel({
    dataset: { hash, name },
    trainedOn: trainOnOf(dataset),
    seed,
    method: model.config.method,
    ...(model.keepSeen && { keepSeen: true }),
    config: { ...model.config },
  }, new Map(tensors));
}

/**
 * Checks the tensors of a weight file against the network that its `config.json` describes, before any number is read.
 *
 * @param path Path of the weights or their run, for messages.
 * @param specs All tensors of the network.
 * @param shapes Shape of each tensor in the file, by name.
 * @throws {InputError} if the tensors are not those of the network.
 */
export function checkWeights(
  path: string,
  specs: readonly ParameterSpec[],
  shapes: ReadonlyMap<string, readonly number[]>,
): void {
  const problem = shapeProblem(specs, shapes);
  if (problem === undefined) return;
  throw new InputError(
    `Cannot use the weights of ${path}: they are not those of the network in its config.json (${problem}); train it again`,
  );
}

/** Options of {@link loadModel}. */
export interface LoadOptions {
  /** Name of the model in tables and comparisons. Default: the method's title. */
  name?: string;
  /** Engine that the model computes on. Default: the fastest available. */
  engine?: Engine;
}

/**
 * Loads the model of a run folder onto the engine: the model of a run that was trained there, or one that {@link saveModel} wrote. If the
 * training has not finished, it is the model of the best epoch so far, and a warning says so.
 *
 * @param run The run, or the path of its folder.
 * @param dataset The dataset that the model was trained on.
 * @throws {InputError} if there is no model, it is damaged, a weight is infinite or NaN, it was trained on another dataset, or its method
 * is unknown.
 * @example
 * ```ts
 * import { loadModel, prepare, recommend, runJob } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const { run } = await runJob(dataset, { method: "gru4rec", dim: 8, epochs: 1 }, { out: `${out}-run` });
 * const { model } = await loadModel(run, dataset);
 * console.log(await recommend(model, dataset, { users: ["u0001"], k: 5 }));
 * ```
 */
export async function loadModel(
  run: RunFolder | string,
  dataset: SequenceDataset,
  options: LoadOptions = {},
): Promise<LoadedModel> {
  const folder = typeof run === "string" ? RunFolder.openModel(run) : run;
  warnOfUnfinished(folder, contextOf({}).progress);
  return await putOnEngine(folder, dataset, options);
}

/**
 * Does the same as {@link loadModel}, without the warning: for callers that report by themselves how far the model is trained.
 *
 * @throws {InputError} See {@link loadModel}.
 */
export async function putOnEngine(
  run: RunFolder,
  dataset: SequenceDataset,
  { engine: given, name }: LoadOptions = {},
): Promise<LoadedModel> {
  const { config, values, learnt, keepSeen } = await readTrained(run, dataset);
  const engine = given ?? await openEngine();
  methodOf(config).checkScoring?.(`use the model of ${run.path}`, engine, learnt, config);
  return ownModel(engine, learnt, config, values(), { name, keepSeen });
}

/** @throws {InputError} if this program does not know the method. */
function checkMethod(folder: string, { method }: MethodConfig): void {
  if (isMethod(method)) return;
  throw new InputError(
    `Cannot load the model of ${folder}: this program does not know its method, ${method}; ${USE_NEWER}`,
  );
}

/**
 * Reads the model of a run folder, without an engine.
 *
 * @returns The model and the data it has learnt from: the dataset, or more of it ({@link withoutHoldOut}).
 * @throws {InputError} See {@link loadModel}.
 */
export async function readTrained(
  run: RunFolder,
  dataset: SequenceDataset,
): Promise<TrainedNetwork & { learnt: SequenceDataset }> {
  const { config: { config: sizes, trainedOn }, tensors } = await run.readModel(
    ({ config, dataset: own }, shapes) => {
      if (own.hash !== dataset.manifest.hash) {
        throw new InputError(
          `Cannot use the weights of ${run.path} with the dataset ${dataset.folder} (${
            shortHash(dataset.manifest.hash)
          }): they were trained on ${own.name} (${
            shortHash(own.hash)
          }); open that dataset, or train on this one`,
        );
      }
      checkMethod(run.path, config);
      checkWeights(run.path, methodOf(config).parameters(dataset, configOf(run, config)), shapes);
    },
  );
  const config = configOf(run, sizes);
  const values = new Map([...tensors].map(([name, { values }]) => [name, values]));
  const bad = notFinite(values);
  if (bad !== undefined) {
    throw new InputError(
      `Cannot use the weights of ${run.path}: not all of "${bad}" are finite numbers; train it again`,
    );
  }
  return {
    config,
    specs: methodOf(config).parameters(dataset, config),
    values: () => values,
    keepSeen: run.keepsSeen,
    learnt: learntAs(dataset, trainedOn),
  };
}

/** Returns a configuration after its method has checked it. */
function configOf(run: RunFolder, config: MethodConfig): MethodConfig {
  try {
    return methodOf(config).reconfigure(config, {});
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`Cannot load the model of ${run.path}: ${error.message}`);
  }
}
