/**
 * The trainable state of a model: parameters with Adam's moments, and the step that changes them.
 *
 * @module
 */
import { InputError } from "../../pipeline/contract/errors.ts";
import { type AdamState, ownVariable } from "../backend/kernels.ts";
import { withinMemory } from "../backend/out_of_memory.ts";
import type { Engine } from "../backend/types.ts";
import { numbersIn, type Tensor, type Tensor1D, type Tensor2D, type Variable } from "../backend/tensor.ts";
import { shapeProblem } from "../layers/expected.ts";
import {
  type Gradients,
  initialValues,
  isTable,
  type ParameterSpec,
  type Weights,
} from "../layers/parameters.ts";

/** Gradient of some rows of one table. */
export interface RowGradient {
  /** The parameter's name. */
  table: string;
  /** The rows, [n], each once. */
  rows: Int32Array;
  /** The gradient, [n, D]. */
  gradient: Tensor2D;
}

/** Settings of Adam (Kingma and Ba 2015). */
export interface OptimizerOptions {
  /** Learning rate. */
  rate: number;
  beta1?: number;
  beta2?: number;
  epsilon?: number;
  /** Decay per step of a moving average of the parameters, 0 ≤ … < 1. Default: 0, no average. */
  averaging?: number;
}

/** The values of all parameters and the number of steps, as a checkpoint holds them. Part of a {@link TrainingState}. */
export interface OptimizerState {
  /** Number of steps done. */
  step: number;
  /** Values, first and second moments by parameter name. */
  tensors: Map<string, { shape: number[]; values: Float32Array; first: Float32Array; second: Float32Array }>;
  /** The moving average by parameter name, if there is one. */
  average?: Map<string, Float32Array>;
}

/** A parameter, its moments, and its moving average if there is one. */
interface ParameterState extends AdamState {
  average?: Variable;
}

const tensorsOf = ({ parameter, first, second, average }: ParameterState): Variable[] =>
  average ? [parameter, first, second, average] : [parameter, first, second];

/** Frees the tensors of an optimizer once nothing refers to it any more: a notebook's cell may replace it by a new one. */
const forgotten = new FinalizationRegistry<Map<string, ParameterState>>((states) => {
  for (const state of states.values()) tensorsOf(state).forEach((tensor) => tensor.dispose());
});

/** Number of steps between two updates of the moving average: each goes through whole tables. */
const AVERAGED_EVERY = 8;

/**
 * Adam for a model's parameters. Tables are updated lazily: only the rows that a batch touched change, with their
 * moments, so that the cost of a step does not depend on the number of items or users.
 */
export class Optimizer {
  readonly #states = new Map<string, ParameterState>();
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
    forgotten.register(this, this.#states);
    try {
      withinMemory(() => specs.forEach((spec) => this.#begin(spec, seed)));
    } catch (error) {
      this.dispose(); // what was made before memory ran out
      throw error;
    }
  }

  #begin(spec: ParameterSpec, seed: number): void {
    const values = initialValues(spec, seed);
    // The padding row of a table stays zero.
    if (isTable(spec)) values.fill(0, 0, spec.shape[1]);
    this.#states.set(spec.name, this.#state(spec.shape, values));
  }

  #state(
    shape: number[],
    values: Float32Array,
    first?: Float32Array,
    second?: Float32Array,
    average: Float32Array = values,
  ): ParameterState {
    const { tf } = this.engine, zeros = () => new Float32Array(values.length);
    return {
      parameter: ownVariable(tf, values, shape),
      first: ownVariable(tf, first ?? zeros(), shape),
      second: ownVariable(tf, second ?? zeros(), shape),
      ...(this.options.averaging && { average: ownVariable(tf, average, shape) }),
    };
  }

  /** @throws {InputError} if the tensors were freed. */
  requireLive(): void {
    if (this.#states.size > 0) return;
    throw new InputError("Cannot use the weights: they were disposed of; make a new search or training");
  }

  /** The parameters' states, unless they were freed. */
  #live(): Map<string, ParameterState> {
    this.requireLive();
    return this.#states;
  }

  /** Number of steps done. */
  get step(): number {
    return this.#step;
  }

  /** Number of trained values. */
  get size(): number {
    return numbersIn(this.specs);
  }

  /** The current parameters. */
  readonly weights: Weights = (name: string): Tensor => this.#of(name).parameter;

  /** The moving average of the parameters; if there is none, the parameters. */
  readonly averaged: Weights = (name: string): Tensor => {
    const { parameter, average } = this.#of(name);
    return average ?? parameter;
  };

  #of(name: string): ParameterState {
    const state = this.#live().get(name);
    if (!state) throw new Error(`There is no parameter "${name}"`);
    return state;
  }

  /**
   * Takes one step.
   *
   * @param gradients Gradients of all parameters that are not tables.
   * @param rows Gradients of the tables.
   */
  apply(gradients: Gradients, rows: readonly RowGradient[]): void {
    const { kernels, tf } = this.engine;
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = this.options;
    const settings = { rate: this.rate, beta1, beta2, epsilon, step: ++this.#step };
    for (const [name, gradient] of Object.entries(gradients)) {
      kernels.adam(this.#states.get(name)!, gradient, settings);
    }
    for (const { table, rows: ids, gradient } of rows) {
      const places = tf.tensor1d(ids, "int32") as Tensor1D;
      kernels.adamRows(this.#states.get(table)!, places, gradient, settings);
      places.dispose();
    }
    const { averaging } = this.options, isDue = this.#step % AVERAGED_EVERY === 0;
    if (averaging && (isDue || this.#step < AVERAGED_EVERY)) this.#average(averaging);
  }

  /** Adds the parameters to the average; early ones count for more, so that it does not depend on the initial values. */
  #average(averaging: number): void {
    const { tf } = this.engine, taken = this.#step / AVERAGED_EVERY;
    const kept = Math.min(averaging ** AVERAGED_EVERY, taken / (taken + 9));
    for (const { parameter, average } of this.#states.values()) {
      tf.tidy(() => average!.assign(tf.add(tf.mul(average!, kept), tf.mul(parameter, 1 - kept))));
    }
  }

  /** The whole state, copied. */
  state(): OptimizerState {
    const read = (tensor: Tensor) => (tensor.dataSync() as Float32Array).slice();
    const average = this.options.averaging
      ? new Map([...this.#live()].map(([name, state]) => [name, read(state.average!)]))
      : undefined;
    return {
      step: this.#step,
      ...(average && { average }),
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
   * Checks that a state has these parameters.
   *
   * @param from Where the state comes from, for messages.
   * @throws {InputError} if it lacks a parameter, or has others.
   */
  check({ tensors }: OptimizerState, from: string): void {
    const problem = shapeProblem(this.specs, new Map([...tensors].map(([name, { shape }]) => [name, shape])));
    if (problem === undefined) return;
    throw new InputError(
      `Cannot resume from ${from}: it is damaged, or of another network or version of automlp (${problem}); ` +
        "remove it to begin again",
    );
  }

  /** Restores a saved state that {@link Optimizer.check} has accepted. */
  restore({ step, tensors, average }: OptimizerState): void {
    for (const { name, shape } of this.specs) {
      const saved = tensors.get(name)!;
      this.#drop(name);
      const { values, first, second } = saved;
      // A state that was saved without an average gets one from here on.
      this.#states.set(name, this.#state(shape, values, first, second, average?.get(name) ?? values));
    }
    this.#step = step;
  }

  /**
   * The values of all parameters, copied.
   *
   * @param weights Which ones: {@link Optimizer.weights} or {@link Optimizer.averaged}.
   */
  values(weights: Weights = this.weights): Map<string, Float32Array> {
    return new Map(
      [...this.#live().keys()].map((name) => [name, (weights(name).dataSync() as Float32Array).slice()]),
    );
  }

  /** Sets the values of all parameters and of their average; the moments stay. */
  setValues(values: ReadonlyMap<string, Float32Array>): void {
    const { tf } = this.engine;
    for (const [name, { parameter, average, first, second }] of this.#states) {
      const own = () => ownVariable(tf, values.get(name)!, parameter.shape);
      this.#states.set(name, { parameter: own(), first, second, ...(average && { average: own() }) });
      parameter.dispose();
      average?.dispose();
    }
  }

  #drop(name: string): void {
    tensorsOf(this.#states.get(name)!).forEach((tensor) => tensor.dispose());
  }

  /** Frees all tensors. */
  dispose(): void {
    for (const name of this.#states.keys()) this.#drop(name);
    this.#states.clear();
  }
}
