/**
 * Trainable tensors by name: what they are, and how they are initialized.
 *
 * @module
 */
import { RandomStream } from "../../pipeline/contract/random.ts";
import { sizeOf, type Tensor, type Tensor1D, type Tensor2D } from "../backend/tensor.ts";

/**
 * Description of a trainable tensor. Names are the paper's symbols preceded by a path: `long.0.sequence.w1`. A {@link Training} lists its
 * own in `specs`.
 */
export interface ParameterSpec {
  /** Its name, as in `long.0.sequence.w1`. */
  name: string;
  /** Its dimensions, as in `[64, 64]`; none for a single number. */
  shape: number[];
  /** Mean of the normal distribution that the initial values are drawn from. Default: 0. */
  mean?: number;
  /** For a matrix: the mean has the opposite sign in every second row (0) or column (1). */
  alternates?: 0 | 1;
  /** Standard deviation of the initial values; 0 if all equal the mean. */
  deviation: number;
  /** For a matrix that initially averages the parts of its input: their number. [I … I] / parts is added to the other initial values. */
  parts?: number;
  /**
   * What the rows of a table stand for: `items`, `users`, `feature:NAME` or `positions`. Row 0 is for padding or unknown values; positions
   * have no such row. The first two are trained row by row.
   */
  rows?: "items" | "users" | `feature:${string}` | "positions";
  /** What the columns mean, if their number does not say it: weights are taken over only if this is the same. */
  columns?: string;
  /**
   * Name of the part of the network that the parameter belongs to, as in `short.5`: if all parameters of a group are new, that is expected.
   */
  group?: string;
}

/** A parameter whose rank the compiler knows. */
export interface Parameter<T extends Tensor = Tensor> extends ParameterSpec {
  readonly kind?: T;
}

/** A part of a network. What it computes from its parameters is in its other members. */
export interface Layer {
  readonly parameters: readonly ParameterSpec[];
}

/** Returns the parameters of several parts, or of some that are given by themselves, in their order. */
export const parametersOf = (...parts: readonly (Layer | ParameterSpec)[]): ParameterSpec[] =>
  parts.flatMap((part) => "parameters" in part ? part.parameters : [part]);

/** Returns whether a parameter is a table that is trained row by row. */
export const isTable = ({ rows }: ParameterSpec): boolean => rows === "items" || rows === "users";

/** Tensors by parameter name. A pass only reads them. */
export interface Weights {
  (name: string): Tensor;
  /** Returns rows of a table, [n, D], if they differ from the table's: see `search/perturb.ts`. */
  rows?: (name: string, ids: Int32Array) => Tensor2D;
}

/** A fully connected layer's weights [outputs, inputs], initialized as in Glorot and Bengio (2010). */
export function dense(name: string, outputs: number, inputs: number): Parameter<Tensor2D> {
  return { name, shape: [outputs, inputs], deviation: Math.sqrt(2 / (outputs + inputs)) };
}

/** A fully connected layer's weights [size, parts · size] that initially average the parts of its input, `size` numbers each. */
export function meanOfParts(name: string, size: number, parts: number): Parameter<Tensor2D> {
  return { name, shape: [size, parts * size], deviation: 0, parts };
}

/** A bias, initially zero. */
export function bias(name: string, size: number): Parameter<Tensor1D> {
  return { name, shape: [size], deviation: 0 };
}

/** A table of vectors that are initially small, so that no row stands out. */
export function table(
  name: string,
  rows: NonNullable<ParameterSpec["rows"]>,
  count: number,
  dim: number,
): Parameter<Tensor2D> {
  return { name, shape: [count, dim], deviation: 0.02, rows };
}

/** A gain, initially one. */
export function gain(name: string, size: number): Parameter<Tensor1D> {
  return { name, shape: [size], mean: 1, deviation: 0 };
}

/**
 * Computes the initial values of a parameter: a function of its spec and the seed alone, the same on every engine and independent of other
 * parameters.
 */
export function initialValues(
  { name, shape, mean = 0, alternates, deviation, parts }: ParameterSpec,
  seed: number,
): Float32Array {
  const values = new Float32Array(sizeOf(shape)).fill(mean);
  if (alternates !== undefined) alternate(values, shape[1], alternates);
  if (deviation > 0) addNormal(values, deviation, new RandomStream(seed, `initial/${name}`));
  if (parts !== undefined) addMeanOfParts(values, shape, parts);
  return values;
}

/** Flips the sign in every second row (0) or column (1). */
function alternate(values: Float32Array, columns: number, along: 0 | 1): void {
  for (let i = 0; i < values.length; i++) {
    const place = along === 0 ? Math.floor(i / columns) : i % columns;
    if (place % 2 === 1) values[i] *= -1;
  }
}

/** Adds normal numbers by the Box-Muller method, which turns two uniform numbers into two normal ones. */
function addNormal(values: Float32Array, deviation: number, random: RandomStream): void {
  for (let i = 0; i < values.length; i += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - random.float())),
      angle = 2 * Math.PI * random.float();
    values[i] += radius * Math.cos(angle);
    if (i + 1 < values.length) values[i + 1] += radius * Math.sin(angle);
  }
}

/** Adds [I … I] / parts. */
function addMeanOfParts(values: Float32Array, [size, inputs]: readonly number[], parts: number): void {
  for (let row = 0; row < size; row++) {
    for (let column = row; column < inputs; column += size) values[row * inputs + column] += 1 / parts;
  }
}

/** Gradients by parameter name. */
export type Gradients = Readonly<Record<string, Tensor>>;
