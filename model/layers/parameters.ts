/**
 * Trainable tensors by name: what they are, how they begin, and what a pass adds to their gradients.
 *
 * @module
 */
import { RandomStream } from "../../pipeline/contract/random.ts";
import type { Kernels } from "../backend/kernels.ts";
import { sizeOf, type Tensor, type Tensor2D } from "../backend/tensor.ts";

/**
 * A trainable tensor, described. Names are the paper's symbols with the path before them: `long.0.sequence.w1`. A {@link Training} lists its own in `specs`.
 */
export interface ParameterSpec {
  /** As in `long.0.sequence.w1`. */
  name: string;
  /** Its dimensions, as in `[64, 64]`; none for a single number. */
  shape: number[];
  /** Mean of the normal numbers it begins with; 0 where it is left out. */
  mean?: number;
  /** Of a matrix: the mean has the other sign in every second of its rows (0) or columns (1). */
  alternates?: 0 | 1;
  /** Their standard deviation; 0 where all are the mean. */
  deviation: number;
  /** Of a matrix that begins as the mean of the parts of its input, [I … I] / parts: their number. It is added to the other numbers. */
  parts?: number;
  /**
   * What the rows of a table are: `items`, `users`, `feature:NAME` or `positions`. Row 0 is the padding's, or that of what is not known;
   * positions have none. The first two are trained row by row.
   */
  rows?: "items" | "users" | `feature:${string}` | "positions";
  /** What the columns mean beside their number: weights are taken over only where it is the same. */
  columns?: string;
  /** Parameters of one part of the network, as in `short.5`: where all of a group are new, that is no surprise. */
  group?: string;
}

/** Whether a parameter is a table that is trained row by row. */
export const isTable = ({ rows }: ParameterSpec): boolean => rows === "items" || rows === "users";

/** Tensors by parameter name. A pass reads them and never changes them. */
export interface Weights {
  (name: string): Tensor;
  /** Rows of the item table, [n, D], where they differ from the table's: see `search/perturb.ts`. */
  rows?: (items: Int32Array) => Tensor2D;
}

/** A fully connected layer's weights [outputs, inputs], as Glorot and Bengio (2010) begin them. */
export function dense(name: string, outputs: number, inputs: number): ParameterSpec {
  return { name, shape: [outputs, inputs], deviation: Math.sqrt(2 / (outputs + inputs)) };
}

/** A fully connected layer's weights [size, parts · size] that begin as the mean of the parts of its input, size numbers each. */
export function meanOfParts(name: string, size: number, parts: number): ParameterSpec {
  return { name, shape: [size, parts * size], deviation: 0, parts };
}

/** A bias, which begins at zero. */
export function bias(name: string, size: number): ParameterSpec {
  return { name, shape: [size], deviation: 0 };
}

/** A gain, which begins at one. */
export function gain(name: string, size: number): ParameterSpec {
  return { name, shape: [size], mean: 1, deviation: 0 };
}

/**
 * The values a parameter begins with: a function of seed and name alone, the same on every engine and whatever other
 * parameters there are.
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

/** Turns the sign in every second row (0) or column (1). */
function alternate(values: Float32Array, columns: number, along: 0 | 1): void {
  for (let i = 0; i < values.length; i++) {
    const place = along === 0 ? Math.floor(i / columns) : i % columns;
    if (place % 2 === 1) values[i] *= -1;
  }
}

/** Normal numbers as Box and Muller make them: two of two uniform ones. */
function addNormal(values: Float32Array, deviation: number, random: RandomStream): void {
  for (let i = 0; i < values.length; i += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - random.float())),
      angle = 2 * Math.PI * random.float();
    values[i] += radius * Math.cos(angle);
    if (i + 1 < values.length) values[i + 1] += radius * Math.sin(angle);
  }
}

/** [I … I] / parts. */
function addMeanOfParts(values: Float32Array, [size, inputs]: readonly number[], parts: number): void {
  for (let row = 0; row < size; row++) {
    for (let column = row; column < inputs; column += size) values[row * inputs + column] += 1 / parts;
  }
}

/** Gradients by parameter name, added up where a parameter is used more than once. */
export class Gradients {
  readonly byName: Map<string, Tensor> = new Map();

  constructor(readonly kernels: Kernels) {}

  add(name: string, gradient: Tensor): void {
    const before = this.byName.get(name);
    this.byName.set(name, before ? this.kernels.sum([before, gradient]) : gradient);
  }
}
