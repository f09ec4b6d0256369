/**
 * Trains a method given by its name.
 *
 * @module
 */
import { AN_OBJECT, checkCall, orNothing, TEXT } from "../../pipeline/contract/options/arguments.ts";
import { checkKnown } from "../../pipeline/contract/options/known.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import { DATASET, type SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { didYouMean, InputError, Interrupted } from "../../pipeline/contract/errors.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { NETWORK_OPTIONS } from "./automlp/config.ts";
import { openEngine } from "../backend/engine.ts";
import { ENGINE, type Engine } from "../backend/types.ts";
import { withEnsemble } from "../train/ensemble.ts";
import type { MethodConfig, Model } from "../train/method.ts";
import { methodOf, usualStep } from "../train/methods.ts";
import { ownModel } from "../train/model_weights.ts";
import { resolveOptions, type TrainingOptions, trainingOptionsShape } from "../train/options.ts";
import { checkMethod, START_FROM, type StartFrom, startFromModel } from "../train/start_from.ts";
import { Training } from "../train/training.ts";
import { unusedSettings } from "../train/unused.ts";
import { changed } from "../train/warm_start.ts";
import { withMethodDefaults } from "./neural.ts";
import type { MethodName, MethodNetwork, MethodOptions } from "./method_options.ts";
import { DESCRIPTIONS } from "./registry.ts";

/**
 * Options of {@link train}: those of the training, and the sizes and choices of the network of the method `M` (`dim`, `length`, `layers`, …
 * as in its `--help`).
 */
export type TrainOptions<M extends MethodName = MethodName> = Partial<TrainingOptions> & MethodOptions[M] & {
  /**
   * A trained model of the same method whose weights the training starts from. It may have learnt from this dataset or another: yesterday's
   * model goes on with today's data. Items, users and features are matched by their original ids; the network is like the model's unless
   * sizes are given. Default: fresh weights.
   */
  startFrom?: StartFrom;
  /**
   * Number of networks that are trained separately and whose scores are averaged: more accurate than a single one, at a cost that grows
   * with their number. Default: 1.
   */
  ensemble?: number;
};

/** Options of a training that are not sizes of a network. */
const TRAINING = [
  ...Object.keys(trainingOptionsShape),
  ...["deadline", "progress", "signal"] satisfies (keyof StageContext | keyof TrainingOptions)[],
];

/** Options that determine the network and its initial weights, and the number of networks. */
const BESIDE = ["startFrom", "ensemble"];

/** Options of AutoMLP's network: those of `networkFor`. */
const AUTOMLP = [...NETWORK_OPTIONS, "features", "method"];

/**
 * Begins a training of a method that the caller drives step by step. Options left out have the method's defaults.
 *
 * @param method One of {@link METHODS}: `sasrec`, `gru4rec`, `automlp` …; AutoMLP's short-term length is given as `lengths: [k]`.
 * @param options Options of the training and of that method's network; see {@link MethodOptions}.
 * @param engine Default: the fastest available.
 * @throws {InputError} if there is no such method or option, a value is invalid, the dataset lacks what the method needs, or the training
 * does not fit into memory.
 *
 * @example
 * ```ts
 * import { beginTraining, prepare } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const training = await beginTraining("gru4rec", dataset, { dim: 16, epochs: 2 });
 * console.log(training.step()); // the loss of a batch
 * training.rate = 5e-3;
 * console.log(await training.epoch()); // to the epoch's end, and its validation
 * training.dispose();
 * ```
 */
export async function beginTraining<M extends MethodName>(
  method: M,
  dataset: SequenceDataset,
  options: TrainOptions<M> = {} as TrainOptions<M>,
  engine?: Engine,
): Promise<Training<MethodNetwork<M>>> {
  checkCall(
    'train("sasrec", dataset, { epochs: 10 })',
    [method, METHOD_NAME],
    [dataset, DATASET],
    [options, AN_OBJECT],
    [engine, orNothing(ENGINE)],
  );
  const found = methodOf({ method }), description = DESCRIPTIONS.find(({ name }) => name === method);
  const { short } = options as { short?: unknown }, { startFrom, ensemble } = options;
  if (method === "automlp" && short !== undefined) throw noShort(short);
  checkKnown("train", { startFrom }, { startFrom: START_FROM });
  const sizes = Object.entries(options).filter(([key]) => !TRAINING.includes(key) && !BESIDE.includes(key));
  const known = [...(description ? Object.keys(description.shape) : AUTOMLP), ...TRAINING, ...BESIDE];
  for (const [key] of sizes) {
    if (known.includes(key)) continue;
    throw new InputError(`Cannot train ${found.title}: there is no option ${key}${didYouMean(key, known)}`);
  }
  const settings: Partial<TrainingOptions> = Object.fromEntries(
    Object.entries(options).filter(([key]) => TRAINING.includes(key)),
  );
  const described = configured(dataset, { method }, Object.fromEntries(sizes), startFrom) as MethodNetwork<M>;
  const config = withEnsemble(described, ensemble ?? described.ensemble ?? 1);
  const shape = description ? withMethodDefaults(trainingOptionsShape, description) : trainingOptionsShape;
  const resolved = resolveOptions(shape, settings, "train", usualStep(dataset, config));
  const { loss } = resolved, { progress } = contextOf(options);
  for (const unused of unusedSettings({ ...settings, loss })) progress.warn(unused);
  const training = new Training(engine ?? await openEngine(), dataset, config, resolved);
  if (startFrom === undefined) return training;
  try {
    await startFromModel(training, startFrom, "the model", progress);
    return training;
  } catch (error) {
    training.dispose();
    throw error;
  }
}

/** Returns the network's configuration: the given sizes, and otherwise those of the model that it starts from. */
function configured(
  dataset: SequenceDataset,
  method: { method: string },
  sizes: Record<string, unknown>,
  startFrom?: StartFrom,
): MethodConfig {
  if (startFrom === undefined) return methodOf(method).configure(dataset, sizes);
  const { model, dataset: learntOn } = startFrom;
  checkMethod(method, model);
  return changed(
    { dataset: learntOn, config: model.config, options: {} },
    { dataset, network: sizes },
  ).config;
}

/**
 * Trains a method until its validation metric stops improving, and returns the network of the best epoch. See {@link beginTraining}.
 *
 * @returns A model that can be evaluated, asked for recommendations, saved and displayed. Its tensors are freed at the end of the block in
 * which it was declared with `using`, or otherwise when nothing refers to it any more.
 * @throws {InputError} See {@link beginTraining}.
 * @throws {Interrupted} if `options.signal` is aborted.
 *
 * @example
 * ```ts
 * import { evaluate, prepare, train } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const sasrec = await train("sasrec", dataset, { dim: 16, epochs: 1 });
 * console.log(await evaluate(sasrec, dataset));
 * ```
 */
export async function train<M extends MethodName>(
  method: M,
  dataset: SequenceDataset,
  options: TrainOptions<M> = {} as TrainOptions<M>,
  engine?: Engine,
): Promise<Model & Disposable> {
  using training = await beginTraining(method, dataset, options, engine);
  try {
    const values = (await training.run()).values();
    return ownModel(training.engine, dataset, training.config, values, training.options).model;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    throw new Interrupted(
      `Stopped while training ${method}, and nothing is kept: use beginTraining for a training that can be stopped and resumed`,
      { cause: error.cause },
    );
  }
}

/** The job calls a length that is not searched `short`; a network has candidates, even if there is only one. */
const noShort = (length: unknown): InputError =>
  new InputError(
    `Cannot train AutoMLP: there is no option short; give the short-term length as its only candidate, as in lengths: [${
      typeof length === "number" ? length : 5
    }]`,
  );

const METHOD_NAME = { ...TEXT, what: "the name of a method" };
