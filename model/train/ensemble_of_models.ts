/**
 * Networks that were trained apart, as one.
 *
 * @module
 */
import { checkCall, listOf } from "../../pipeline/contract/options/arguments.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { madeOf } from "../trained_on.ts";
import { specsOf, withEnsemble } from "./ensemble.ts";
import { EnsembleModel } from "./ensemble_model.ts";
import { type Model, TRAINED } from "./method.ts";
import { sameNetwork } from "./warm_start.ts";

/**
 * Takes networks together that differ in nothing but their weights, trained with several seeds, say: the scores are the means of theirs. It is what training with the
 * option `ensemble` gives, for networks that are there already.
 *
 * @param models Of one method, with the same sizes and choices, trained on the same data. Their weights stay theirs: whoever frees them frees this model, too.
 * @returns A model as any other: it is evaluated, recommends, is saved and exported.
 * @throws {InputError} if they are less than two, or differ in more.
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
  checkCall("ensemble([model, other])", [models, listOf("trained models", TRAINED.fits)]);
  const refuse = (why: string) => new InputError(`Cannot make an ensemble: ${why}`);
  const [first, ...others] = models;
  if (others.length === 0) throw refuse("it takes two models or more");
  const config = withEnsemble(first.config, models.length);
  // First of all the data: of others even the choices that go by them differ.
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
