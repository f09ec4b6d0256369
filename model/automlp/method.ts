/**
 * AutoMLP with one short-term length as one of the methods: it is what is trained once a length is selected.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { Engine } from "../backend/types.ts";
import type { Dropout } from "../layers/dropout.ts";
import { ITEM_TABLE } from "../layers/embedding.ts";
import type { ParameterSpec, Weights } from "../layers/parameters.ts";
import { estimateMemory } from "./memory.ts";
import { checkMemory } from "../memory/check.ts";
import { countsOf } from "../memory/estimate.ts";
import type { BatchPlace, BatchResult, Model, NeuralMethod, Trainable } from "../train/method.ts";
import { OpenPart, targetsOf } from "../train/open_part.ts";
import type { ExamplePool } from "../train/order.ts";
import { targetsPerHistory } from "./shared_histories.ts";
import { TargetGroups } from "../train/target_groups.ts";
import { type TrainingSettings, USUAL_BATCH_SIZE } from "../train/settings.ts";
import { aboutTargets, defaultBatchSize } from "../data_defaults.ts";
import { checkNetworkOf, type DatasetNetworkInput, encoderFor, networkFor, objectiveFor } from "./build.ts";
import { adaptable, resolveNetwork } from "./config.ts";
import type { NetworkConfig } from "./network_config.ts";
import { AutomlpModel } from "./model.ts";
import { ALONE, modelParameters } from "./network.ts";
import type { Example, Objective } from "./objective.ts";

/** @throws {InputError} if there are several short-term lengths. */
function checkOneLength({ lengths }: NetworkConfig): void {
  if (lengths.length === 1) return;
  throw new InputError(
    `Cannot train AutoMLP with the short-term lengths ${
      lengths.join(", ")
    }: a network that is trained has one; ` +
      `name it, as in lengths: [${lengths[0]}], or select it by a search, as new AutoMLP().fit(dataset) does`,
  );
}

class AutoMLPTraining implements Trainable<Example> {
  readonly parameters: readonly ParameterSpec[];
  readonly examples: ExamplePool;
  readonly targetsPerExample: number;
  /** Groups of targets, if several targets share a history. */
  readonly #groups?: TargetGroups;
  readonly #objective: Objective;
  readonly #open: OpenPart;

  constructor(
    readonly engine: Engine,
    dataset: SequenceDataset,
    readonly config: NetworkConfig,
    settings: TrainingSettings,
    networks?: number,
  ) {
    checkOneLength(config);
    checkNetworkOf(dataset, config);
    const work = { kind: "train", settings } as const, parameters = modelParameters(config);
    checkMemory(
      "train",
      estimateMemory(config, work, countsOf(dataset), engine, parameters, networks),
      engine,
      networks,
    );
    this.#open = new OpenPart(dataset);
    this.#objective = objectiveFor(engine, dataset, config, settings);
    this.parameters = parameters;
    const targets = targetsOf(dataset, "train");
    this.targetsPerExample = targetsPerHistory(config);
    if (this.targetsPerExample > 1) {
      this.#groups = new TargetGroups(dataset, targets, this.targetsPerExample, settings.seed);
    }
    this.examples = this.#groups?.pool ?? targets;
  }

  example(examples: Uint32Array, { number, part, epoch }: BatchPlace): Example {
    const grouped = this.#groups?.grouped(examples, part, epoch), sequences = this.#open.sequences(part);
    return grouped
      ? this.#objective.sharingExample(grouped, number, sequences)
      : this.#objective.example(examples, number, sequences);
  }

  evaluate(weights: Weights, example: Example, dropout: Dropout): BatchResult {
    const { loss, gradients, items, dTable } = this.#objective.evaluate(weights, ALONE, example, dropout);
    return { loss, gradients, rows: [{ table: ITEM_TABLE, rows: Int32Array.from(items), gradient: dTable }] };
  }

  model(weights: Weights, name?: string): Model {
    return new AutomlpModel(this.engine, this.config, this.#objective.encoder, weights, name);
  }
}

/** AutoMLP (Li et al., WWW 2023). Its configuration lists the lengths of the short-term modules; in training, there is only one. */
export const automlp: NeuralMethod<NetworkConfig> = {
  name: "automlp",
  title: "AutoMLP",
  configure: (dataset, input) => networkFor(dataset, input as DatasetNetworkInput),
  portable(config, { manifest }) {
    const { features: _of_these_data, ...others } = adaptable(config);
    const names = config.features.map(({ name }) => name);
    // If all features are embedded here, all features of the other dataset are embedded, too.
    return { ...others, ...(names.length < manifest.features.length && { features: names }) };
  },
  batchSize: (dataset) => defaultBatchSize(aboutTargets(dataset), USUAL_BATCH_SIZE),
  reconfigure: (config, input) => resolveNetwork({ ...adaptable(config), ...input }),
  parameters(dataset, config) {
    checkNetworkOf(dataset, config);
    return modelParameters(config);
  },
  build: (engine, dataset, config, settings, networks) =>
    new AutoMLPTraining(engine, dataset, config, settings, networks),
  checkScoring(doing, engine, dataset, config, networks) {
    const counts = countsOf(dataset), parameters = modelParameters(config);
    checkMemory(
      doing,
      estimateMemory(config, { kind: "score" }, counts, engine, parameters, networks),
      engine,
      networks,
    );
  },
  model(engine, dataset, config, weights, name) {
    checkNetworkOf(dataset, config);
    return new AutomlpModel(engine, config, encoderFor(engine, dataset, config), weights, name);
  },
  show: ({ lengths }) => `k = ${lengths.join(", ")}`,
};
