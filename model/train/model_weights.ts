/**
 * A network with weights of its own, apart from any search or training.
 *
 * @module
 */
import { InputError } from "../../pipeline/contract/errors.ts";
import { ownVariable } from "../backend/kernels.ts";
import { withinMemory } from "../backend/out_of_memory.ts";
import type { Engine } from "../backend/types.ts";
import type { Tensor } from "../backend/tensor.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { Shown } from "../../pipeline/display/shown.ts";
import { trainedOn } from "../trained_on.ts";
import type { MethodConfig, Model } from "./method.ts";
import { methodOf } from "./methods.ts";

/** Frees the tensors of a model once nothing refers to it any more. */
const forgotten = new FinalizationRegistry<Map<string, Tensor>>((variables) => {
  for (const variable of variables.values()) variable.dispose();
});

/**
 * A model that owns its tensors. It shows itself in a notebook and as text.
 *
 * @example
 * ```ts
 * import { loadModel, prepare, runJob } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out: `${out}/data` });
 * const job = { method: "gru4rec", dim: 8, hidden: 8, length: 10, epochs: 1 } as const;
 * const { run } = await runJob(dataset, job, { out: `${out}/run` });
 * using loaded = await loadModel(run, dataset); // its tensors are freed at the end of the block
 * console.log(loaded.model.parameters);
 * ```
 */
export class LoadedModel extends Shown {
  readonly #variables: Map<string, Tensor>;
  /** The model, to evaluate, recommend, save and export. If declared by `using`, it frees its tensors, as this object does. */
  readonly model: Model & Disposable;

  /**
   * Called by `loadModel` and by trainings.
   *
   * @internal
   */
  constructor(model: Model, variables: Map<string, Tensor>) {
    super();
    this.model = Object.defineProperty(model, Symbol.dispose, { value: this.dispose }) as Model & Disposable;
    this.#variables = variables;
    forgotten.register(model, variables);
  }

  /** The model as text, for a terminal. */
  toString(): string {
    return String(this.model);
  }

  /** The model as an HTML fragment for a notebook. */
  toHtml(): string {
    return this.model.toHtml();
  }

  /** Frees all tensors; a second call does nothing. */
  readonly dispose = (): void => {
    this.model.refresh();
    for (const variable of this.#variables.values()) variable.dispose();
    this.#variables.clear();
  };

  /** Frees all tensors at the end of a block that declared the object by `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Marks a model as trained on a dataset. */
export function ofDataset(model: Model, dataset: SequenceDataset, { keepSeen }: ModelTraits): Model {
  model.keepSeen = keepSeen;
  return trainedOn(
    model,
    dataset,
    model.specs.some(({ rows }) => rows === "users") ? ["items", "users"] : ["items"],
  );
}

/** What a model is called, and whether it ranks items of the history. */
export interface ModelTraits {
  /** The name of the model. Default: the method's title. */
  name?: string;
  /** See {@link Recommender.keepSeen}. */
  keepSeen?: boolean;
}

/**
 * Copies weights to the engine and returns a model that owns them.
 *
 * @param values All weights of the network by name.
 * @throws {RunError} if they do not fit into memory; then none of them is kept.
 */
export function ownModel(
  engine: Engine,
  dataset: SequenceDataset,
  config: MethodConfig,
  values: ReadonlyMap<string, Float32Array>,
  traits: ModelTraits = {},
): LoadedModel {
  const variables = new Map<string, Tensor>();
  const weights = (name: string): Tensor => {
    const variable = variables.get(name);
    if (variable) return variable;
    throw new InputError("Cannot use the model: it was disposed of; load it, or finish the training, again");
  };
  const model = ofDataset(
    methodOf(config).model(engine, dataset, config, weights, traits.name),
    dataset,
    traits,
  );
  const loaded = new LoadedModel(model, variables);
  try {
    withinMemory(() => {
      for (const { name, shape } of model.specs) {
        variables.set(name, ownVariable(engine.tf, values.get(name)!, shape));
      }
    });
  } catch (error) {
    loaded.dispose(); // what was made before memory ran out
    throw error;
  }
  return loaded;
}
