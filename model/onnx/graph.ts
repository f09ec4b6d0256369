/**
 * A graph of ONNX operations, built one operation at a time.
 *
 * @module
 */
import type { Value as OpsValue } from "../ops/ops.ts";
import type { SavedTensor } from "../records/safetensors.ts";
import type { Field } from "../records/protobuf.ts";
import {
  type Attribute,
  type Dimension,
  initializer,
  modelPieces,
  node,
  type Numbers,
  port,
  type Type,
} from "./proto.ts";

/** A value in a graph: an operation's output, an input, a weight or a constant. */
export class Value implements OpsValue {
  // deno-lint-ignore no-explicit-any -- a graph knows no ranks
  declare readonly kind?: any;

  constructor(readonly name: string) {}
}

/** Operations on values, weights and constants. */
export class Graph {
  readonly #ports: Field[] = [];
  readonly #nodes: Field[] = [];
  readonly #initializers = new Map<string, Uint8Array[]>();
  #count = 0;
  /** The prefix of the names of weights: see {@link Graph.within}. */
  #prefix = "";

  /** @param weights Weights by name; those that are used become part of the graph, under their names. */
  constructor(readonly weights: ReadonlyMap<string, SavedTensor>) {}

  /** Adds an input of the graph. */
  input(name: string, type: Type, shape: readonly Dimension[]): Value {
    this.#ports.push(port("input", name, type, shape));
    return new Value(name);
  }

  /** Makes a value an output of the graph, under its own name. */
  output(name: string, value: Value, type: Type, shape: readonly Dimension[]): void {
    this.#nodes.push(node("Identity", [value.name], [name], {}));
    this.#ports.push(port("output", name, type, shape));
  }

  /** Returns a trained tensor, under its own name. */
  weight(name: string): Value {
    const whole = this.#prefix + name;
    if (!this.#initializers.has(whole)) {
      const { shape, values } = this.tensor(name);
      this.#initializers.set(whole, initializer(whole, shape, values));
    }
    return new Value(whole);
  }

  /** Returns a trained tensor's numbers, for computing with them at export. */
  tensor(name: string): SavedTensor {
    return this.weights.get(this.#prefix + name)!;
  }

  /** Runs `build` with weights that have a common prefix; it uses their names without the prefix. */
  within<T>(prefix: string, build: () => T): T {
    this.#prefix = prefix;
    try {
      return build();
    } finally {
      this.#prefix = "";
    }
  }

  /** Adds numbers as a constant of the graph; the default shape is [values]. */
  constant(
    values: Numbers,
    shape: readonly number[] = [values.length],
    name = `constant.${this.#initializers.size}`,
  ): Value {
    if (!this.#initializers.has(name)) this.#initializers.set(name, initializer(name, shape, values));
    return new Value(name);
  }

  /** Adds whole numbers, the form of shapes, axes and places: [n]. */
  whole(...values: number[]): Value {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length], `whole.${values}`);
  }

  /** Adds 0, 1 … n − 1: [n]. */
  range(n: number): Value {
    return this.constant(BigInt64Array.from({ length: n }, (_, i) => BigInt(i)), [n], `range.${n}`);
  }

  /** Adds a single number that combines with any shape. */
  number(value: number): Value {
    return this.constant(Float32Array.of(value), [], `number.${value}`);
  }

  /** Returns an operation's only output, or its first. Names of operators and attributes are ONNX's. */
  apply(
    operation: string,
    inputs: readonly Value[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Value {
    return this.applyTo(1, operation, inputs, attributes)[0];
  }

  /** Returns several outputs of an operation. */
  applyTo(
    outputs: number,
    operation: string,
    inputs: readonly Value[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Value[] {
    const names = Array.from({ length: outputs }, () => `${operation}.${this.#count++}`);
    this.#nodes.push(node(operation, inputs.map(({ name }) => name), names, attributes));
    return names.map((name) => new Value(name));
  }

  /** Returns the graph as a model file, in pieces. */
  model(metadata: Readonly<Record<string, string>>, producer: readonly [string, string]): Uint8Array[] {
    const fields = [...this.#nodes, ...this.#ports], initializers = [...this.#initializers.values()];
    return modelPieces({ fields, initializers, producer, metadata });
  }
}
