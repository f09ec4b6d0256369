/**
 * Combines networks that were trained separately into one model.
 *
 * @module
 */
import { InputError } from "../../pipeline/contract/errors.ts";
import { madeOf } from "../trained_on.ts";
import { specsOf, withEnsemble } from "./ensemble.ts";
import { EnsembleModel } from "./ensemble_model.ts";
import type { Model } from "./method.ts";
import { sameNetwork } from "./warm_start.ts";

/**
 * Combines models that differ only in their weights, such as those of several seeds: the scores are the means of
 * theirs. The result is the same as from training with the option `ensemble`, but for existing models.
 *
 * @param models Models of one method, with the same sizes and choices, trained on the same data. They keep their
 * weights: freeing them frees this model too.
 * @returns A model like any other: it can be evaluated, saved and exported, and it recommends.
 * @throws {InputError} if there are fewer than two, or they differ in more than their weights.
 * @example
 * ```ts
 * import { ensemble, evaluate, prepare, train } from "automlp";
 *
 * const { dataset } = await prepare({ dataset: "demo", out: await Deno.makeTempDir() });
 * const models = [];
 * for (const seed of [1, 2]) models.push(await train("gru4rec", dataset, { dim: 8, epochs: 1, seed }));
 * console.log(await evaluate(ensemble(models), dataset));
 * ```
 */
export function ensemble(models: readonly Model[]): Model {
  const refuse = (why: string) => new InputError(`Cannot make an ensemble: ${why}`);
  const [first, ...others] = models;
  if (others.length === 0) throw refuse("it takes two models or more");
  const config = withEnsemble(first.config, models.length);
  // The data first: on other data, even the choices that depend on them differ.
  const model = madeOf(new EnsembleModel(config, models, specsOf(models.length, first.specs)), models);
  for (const { config } of models) {
    if (config.ensemble !== undefined) throw refuse("one of the models is an ensemble already");
    if (!sameNetwork(config, first.config)) {
      throw refuse(
        "the models are to have the same method, sizes and choices, and differ in their weights alone",
      );
    }
  }
  return model;
}
