/**
 * A model's trainable state: parameters with Adam's moments, and the step that changes them.
 *
 * @module
 */
import { InputError } from "../../pipeline/contract/errors.ts";
import { type AdamState, ownVariable } from "../backend/kernels.ts";
import { withinMemory } from "../backend/out_of_memory.ts";
import type { Engine } from "../backend/types.ts";
import { sizeOf, type Tensor, type Tensor1D, type Tensor2D } from "../backend/tensor.ts";
import { shapeProblem } from "../layers/expected.ts";
import {
  type Gradients,
  initialValues,
  isTable,
  type ParameterSpec,
  type Weights,
} from "../layers/parameters.ts";

/** Rows of one table that have a gradient. */
export interface RowGradient {
  /** The parameter's name. */
  table: string;
  /** [n], each once. */
  rows: Int32Array;
  /** [n, D] */
  gradient: Tensor2D;
}

/** Settings of Adam (Kingma and Ba 2015). */
export interface OptimizerOptions {
  /** Learning rate. */
  rate: number;
  beta1?: number;
  beta2?: number;
  epsilon?: number;
}

/** The values of all parameters, and how far training is; what a checkpoint holds. */
export interface OptimizerState {
  /** Steps done. */
  step: number;
  /** By parameter name: values, first and second moments. */
  tensors: Map<string, { shape: number[]; values: Float32Array; first: Float32Array; second: Float32Array }>;
}

/** Frees the tensors of an optimizer that nothing refers to any more: a notebook's cell makes a new one in its place. */
const forgotten = new FinalizationRegistry<Map<string, AdamState>>((states) => {
  for (const { parameter, first, second } of states.values()) {
    [parameter, first, second].forEach((tensor) => tensor.dispose());
  }
});

/**
 * Adam over a model's parameters. Tables are updated lazily: only the rows that a batch touched, and their moments, change, so
 * that a step costs the same whatever the number of items or users.
 */
export class Optimizer {
  readonly #states = new Map<string, AdamState>();
  #step = 0;
  /** Learning rate; may be changed between steps. */
  rate: number;

  constructor(
    readonly engine: Engine,
    readonly specs: readonly ParameterSpec[],
    seed: number,
    readonly options: OptimizerOptions,
  ) {
    this.rate = options.rate;
    withinMemory(() => {
      for (const spec of specs) {
        const values = initialValues(spec, seed);
        // The padding's row of a table is and stays zero.
        if (isTable(spec)) values.fill(0, 0, spec.shape[1]);
        this.#states.set(spec.name, this.#state(spec.shape, values));
      }
    });
    forgotten.register(this, this.#states);
  }

  #state(shape: number[], values: Float32Array, first?: Float32Array, second?: Float32Array): AdamState {
    const { tf } = this.engine, zeros = () => new Float32Array(values.length);
    return {
      parameter: ownVariable(tf, values, shape),
      first: ownVariable(tf, first ?? zeros(), shape),
      second: ownVariable(tf, second ?? zeros(), shape),
    };
  }

  /** The states, where they are there still. */
  #live(): Map<string, AdamState> {
    if (this.#states.size > 0) return this.#states;
    throw new InputError("Cannot use the weights: they were disposed of; make a new search or training");
  }

  /** Steps done. */
  get step(): number {
    return this.#step;
  }

  /** Number of trained values. */
  get size(): number {
    return this.specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  }

  /** The parameters as they are. */
  readonly weights: Weights = (name: string): Tensor => {
    const state = this.#live().get(name);
    if (!state) throw new Error(`There is no parameter "${name}"`);
    return state.parameter;
  };

  /**
   * One step.
   *
   * @param gradients Of all parameters that are no tables.
   * @param rows Of the tables.
   */
  apply(gradients: Gradients, rows: readonly RowGradient[]): void {
    const { kernels, tf } = this.engine;
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = this.options;
    const settings = { rate: this.rate, beta1, beta2, epsilon, step: ++this.#step };
    for (const [name, gradient] of gradients.byName) {
      kernels.adam(this.#states.get(name)!, gradient, settings);
    }
    for (const { table, rows: ids, gradient } of rows) {
      const places = tf.tensor1d(ids, "int32") as Tensor1D;
      kernels.adamRows(this.#states.get(table)!, places, gradient, settings);
      places.dispose();
    }
  }

  /** The whole state, copied. */
  state(): OptimizerState {
    const read = (tensor: Tensor) => (tensor.dataSync() as Float32Array).slice();
    return {
      step: this.#step,
      tensors: new Map(
        [...this.#live()].map(([name, { parameter, first, second }]) => [name, {
          shape: parameter.shape,
          values: read(parameter),
          first: read(first),
          second: read(second),
        }]),
      ),
    };
  }

  /**
   * Checks that a state is one of these parameters.
   *
   * @param from Where it is from, for messages.
   * @throws {InputError} if it lacks one, or has others.
   */
  check({ tensors }: OptimizerState, from: string): void {
    const problem = shapeProblem(this.specs, new Map([...tensors].map(([name, { shape }]) => [name, shape])));
    if (problem === undefined) return;
    throw new InputError(
      `Cannot resume from ${from}: it is damaged, or of another network or version of automlp (${problem}); ` +
        "remove it to begin again",
    );
  }

  /** Goes to a saved state, which {@link Optimizer.check} has found to be right. */
  restore({ step, tensors }: OptimizerState): void {
    for (const { name, shape } of this.specs) {
      const saved = tensors.get(name)!;
      this.#drop(name);
      this.#states.set(name, this.#state(shape, saved.values, saved.first, saved.second));
    }
    this.#step = step;
  }

  /** The values of all parameters, copied. */
  values(): Map<string, Float32Array> {
    return new Map(
      [...this.#live()].map((
        [name, { parameter }],
      ) => [name, (parameter.dataSync() as Float32Array).slice()]),
    );
  }

  /** Sets the values of all parameters; the moments stay. */
  setValues(values: ReadonlyMap<string, Float32Array>): void {
    for (const [name, state] of this.#states) {
      const { parameter } = state;
      this.#states.set(name, {
        ...state,
        parameter: ownVariable(this.engine.tf, values.get(name)!, parameter.shape),
      });
      parameter.dispose();
    }
  }

  #drop(name: string): void {
    const { parameter, first, second } = this.#states.get(name)!;
    [parameter, first, second].forEach((tensor) => tensor.dispose());
  }

  /** Frees all tensors. */
  dispose(): void {
    for (const name of this.#states.keys()) this.#drop(name);
    this.#states.clear();
  }
}
