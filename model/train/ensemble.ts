/**
 * Several networks of one method, trained independently, whose scores are averaged: what one network learns by
 * chance, the others do not.
 *
 * Source: Lakshminarayanan et al., "Simple and scalable predictive uncertainty estimation using deep ensembles"
 * (NeurIPS 2017). Each network has its own weights, including the initial ones, and its own dropout; batches and
 * negatives are the same for all.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { Engine } from "../backend/types.ts";
import type { Scalar, Tensor } from "../backend/tensor.ts";
import type { Dropout } from "../layers/dropout.ts";
import type { ParameterSpec, Weights } from "../layers/parameters.ts";
import { EnsembleModel } from "./ensemble_model.ts";
import type { BatchPlace, BatchResult, MethodConfig, Model, NeuralMethod, Trainable } from "./method.ts";
import type { RowGradient } from "./optimizer.ts";
import type { ExamplePool } from "./order.ts";

/** Maximum number of networks: each is as much work as a single one. */
export const MOST_NETWORKS = 100;

/** The prefix of the names of a network's parameters. */
export const networkPrefix = (network: number): string => `network.${network}.`;

/** The prefix in a parameter's name; empty for a single network. */
export const networkOf = (name: string): string => /^network\.\d+\./.exec(name)?.[0] ?? "";

/** Maximum number of dropout places in one network: the next network's places are counted from there. */
const PLACES = 2 ** 16;

/**
 * Returns a network's configuration with another number of networks.
 *
 * @throws {InputError} if the number is not valid.
 */
export function withEnsemble<C extends MethodConfig>(config: C, networks: number): C {
  checkNetworks(networks);
  const { ensemble: _before, ...one } = config;
  return (networks > 1 ? { ...one, ensemble: networks } : one) as C;
}

/** @throws {InputError} if it is not a valid number of networks. */
function checkNetworks(networks: unknown): void {
  if (Number.isInteger(networks) && networks as number >= 1 && networks as number <= MOST_NETWORKS) return;
  throw new InputError(
    `Cannot build an ensemble of ${networks} networks: give a whole number from 1 to ${MOST_NETWORKS}`,
  );
}

/** A method whose networks are ensembles of another method's networks. */
export function ensembleOf<C extends MethodConfig>(
  method: NeuralMethod<C>,
  networks: number,
): NeuralMethod<C> {
  checkNetworks(networks);
  const one = (config: C): C => withEnsemble(config, 1);
  const { portable, checkScoring, batchSize, show } = method;
  const members = prefixes(networks);
  return {
    name: method.name,
    title: method.title,
    configure: (dataset, input) => withEnsemble(method.configure(dataset, input), networks),
    ...(portable && { portable: (config: C, dataset: SequenceDataset) => portable(one(config), dataset) }),
    reconfigure: (config, input) => withEnsemble(method.reconfigure(one(config), input), networks),
    ...(batchSize && { batchSize: (dataset: SequenceDataset, config: C) => batchSize(dataset, one(config)) }),
    parts: (dataset, config) => method.parts(dataset, one(config)),
    parameters: (dataset, config) => specsOf(networks, method.parameters(dataset, one(config))),
    build: (engine, dataset, config, settings) =>
      new EnsembleTraining(
        engine,
        config,
        members,
        method.build(engine, dataset, one(config), settings, networks),
      ),
    model(engine, dataset, config, weights, name) {
      const all = members.map((prefix) =>
        method.model(engine, dataset, one(config), ofNetwork(weights, prefix), name)
      );
      return new EnsembleModel(config, all, specsOf(networks, all[0].specs));
    },
    ...(checkScoring && {
      checkScoring: (doing: string, engine: Engine, dataset: SequenceDataset, config: C) =>
        checkScoring(doing, engine, dataset, one(config), networks),
    }),
    show: (config) => `${networks} × ${show ? show(one(config)) : method.title}`,
  };
}

/** The parameters of several networks, from those of one. */
export const specsOf = (networks: number, specs: readonly ParameterSpec[]): ParameterSpec[] =>
  prefixes(networks).flatMap((prefix) => specs.map((spec) => ({ ...spec, name: prefix + spec.name })));

const prefixes = (networks: number): string[] =>
  Array.from({ length: networks }, (_, network) => networkPrefix(network));

/** The weights of one network among all weights. */
const ofNetwork = (weights: Weights, prefix: string): Weights => (name) => weights(prefix + name);

/** Training of an ensemble: each network learns from the same batches, by its own loss. */
class EnsembleTraining<Example> implements Trainable<Example> {
  readonly parameters: readonly ParameterSpec[];

  constructor(
    readonly engine: Engine,
    readonly config: MethodConfig,
    readonly members: readonly string[],
    /** Training of one network, with any weights. */
    readonly one: Trainable<Example>,
  ) {
    this.parameters = specsOf(members.length, one.parameters);
  }

  get examples(): ExamplePool {
    return this.one.examples;
  }

  get targetsPerExample(): number | undefined {
    return this.one.targetsPerExample;
  }

  example(examples: Uint32Array, place: BatchPlace): Example {
    return this.one.example(examples, place);
  }

  /** The loss is the mean of the networks' losses. */
  evaluate(weights: Weights, example: Example, dropout: Dropout): BatchResult {
    const { tf } = this.engine, gradients: Record<string, Tensor> = {}, rows: RowGradient[] = [];
    const losses = this.members.map((prefix, network) => {
      const own: Dropout = { ...dropout, mask: (place) => dropout.mask(network * PLACES + place) };
      const found = this.one.evaluate(ofNetwork(weights, prefix), example, own);
      for (const [name, gradient] of Object.entries(found.gradients)) gradients[prefix + name] = gradient;
      rows.push(...found.rows.map((row) => ({ ...row, table: prefix + row.table })));
      return found.loss;
    });
    return { loss: tf.div(tf.addN(losses), losses.length) as Scalar, gradients, rows };
  }

  model(weights: Weights, name?: string): Model {
    const all = this.members.map((prefix) => this.one.model(ofNetwork(weights, prefix), name));
    return new EnsembleModel(this.config, all, this.parameters);
  }
}
