/**
 * The methods that can be trained. They register themselves here; training names none.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import { ensembleOf } from "./ensemble.ts";
import type { MethodConfig, NeuralMethod } from "./method.ts";
import { type TrainingSettings, USUAL_BATCH_SIZE } from "./settings.ts";

const methods = new Map<string, NeuralMethod>();

/** Registers a method for training. */
export function enterMethod<C extends MethodConfig>(method: NeuralMethod<C>): void {
  methods.set(method.name, method as unknown as NeuralMethod);
}

/**
 * Returns the method of a configuration; for several networks, an ensemble of it.
 *
 * @throws {InputError} if there is no method of that name.
 */
export function methodOf(config: Pick<MethodConfig, "method" | "ensemble">): NeuralMethod {
  const { method, ensemble } = config, found = methods.get(method);
  if (found) return ensemble === undefined ? found : ensembleOf(found, ensemble);
  // The architecture that a search selected is easily given by mistake where its network is expected.
  const selected = (config as { shortTermLength?: unknown }).shortTermLength;
  if (typeof method !== "string" || selected !== undefined) {
    throw new InputError(
      `Cannot train: the network is to be one that networkFor(dataset, …) gives, with the length that was selected as its only candidate${
        typeof selected === "number" ? `, as in networkFor(dataset, { lengths: [${selected}] })` : ""
      }`,
    );
  }
  throw noSuchMethod(method, [...methods.keys()]);
}

/** Whether there is a method of that name. */
export const isMethod = (name: string): boolean => methods.has(name);

/** Common names of the baselines when methods are named. */
const BASELINE = /^((personal-?)?popularity|p?-?pop|item-?knn|markov)$/i;

/** The error for an unknown method name. Naming a baseline is not a typing error: baselines are always evaluated. */
export const noSuchMethod = (name: string, known: readonly string[]): InputError =>
  new InputError(
    BASELINE.test(name)
      ? `Cannot train "${name}": it is a baseline; every evaluation has the baselines beside the methods that are named`
      : `Cannot train "${name}": there is no such method${didYouMean(name, known)}; there are ${
        known.join(", ")
      }`,
  );

/** The default number of targets in a training step of a network. */
export const usualStep = (
  dataset: SequenceDataset,
  config: MethodConfig,
): Pick<TrainingSettings, "batchSize"> => ({
  batchSize: methodOf(config).batchSize?.(dataset, config) ?? USUAL_BATCH_SIZE,
});
