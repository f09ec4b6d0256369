/**
 * A graph of ONNX operations, put together one operation after another. A value is the name of what an operation gives.
 *
 * @module
 */
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

/** What flows through a graph, by name. */
export type Value = string;

/** Operations on values, weights and constants. */
export class Graph {
  readonly #ports: Field[] = [];
  readonly #nodes: Field[] = [];
  readonly #initializers = new Map<string, Uint8Array[]>();
  #count = 0;
  /** What the names of weights begin with: see {@link Graph.within}. */
  #prefix = "";

  /** @param weights By name; those that are asked for become part of the graph, under their names. */
  constructor(readonly weights: ReadonlyMap<string, SavedTensor>) {}

  /** What the graph is given when it runs. */
  input(name: string, type: Type, shape: readonly Dimension[]): Value {
    this.#ports.push(port("input", name, type, shape));
    return name;
  }

  /** Makes a value one that the graph gives, under a name of its own. */
  output(name: string, value: Value, type: Type, shape: readonly Dimension[]): void {
    this.#nodes.push(node("Identity", [value], [name], {}));
    this.#ports.push(port("output", name, type, shape));
  }

  /** A trained tensor, under its own name. */
  weight(name: string): Value {
    const whole = this.#prefix + name;
    if (!this.#initializers.has(whole)) {
      const { shape, values } = this.tensor(name);
      this.#initializers.set(whole, initializer(whole, shape, values));
    }
    return whole;
  }

  /** The same as numbers, for what is computed of them here. */
  tensor(name: string): SavedTensor {
    return this.weights.get(this.#prefix + name)!;
  }

  /** What `build` makes of weights whose names begin so, by the names that they have without. */
  within<T>(prefix: string, build: () => T): T {
    this.#prefix = prefix;
    try {
      return build();
    } finally {
      this.#prefix = "";
    }
  }

  /** Numbers that are part of the graph, of a shape of [values] where none is given. */
  constant(
    values: Numbers,
    shape: readonly number[] = [values.length],
    name = `constant.${this.#initializers.size}`,
  ): Value {
    if (!this.#initializers.has(name)) this.#initializers.set(name, initializer(name, shape, values));
    return name;
  }

  /** Whole numbers, as shapes, axes and places are given: [n]. */
  whole(...values: number[]): Value {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length], `whole.${values}`);
  }

  /** 0, 1 … n − 1: [n]. */
  range(n: number): Value {
    return this.constant(BigInt64Array.from({ length: n }, (_, i) => BigInt(i)), [n], `range.${n}`);
  }

  /** A single number, for any shape to be combined with. */
  number(value: number): Value {
    return this.constant(Float32Array.of(value), [], `number.${value}`);
  }

  /** An operation's only output, or its first. Names of operators and attributes are ONNX's. */
  apply(
    operation: string,
    inputs: readonly Value[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Value {
    return this.applyTo(1, operation, inputs, attributes)[0];
  }

  /** The same for an operation of several outputs. */
  applyTo(
    outputs: number,
    operation: string,
    inputs: readonly Value[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Value[] {
    const names = Array.from({ length: outputs }, () => `${operation}.${this.#count++}`);
    this.#nodes.push(node(operation, inputs, names, attributes));
    return names;
  }

  /** The graph as a model's file, in pieces. */
  model(metadata: Readonly<Record<string, string>>, producer: readonly [string, string]): Uint8Array[] {
    const fields = [...this.#nodes, ...this.#ports], initializers = [...this.#initializers.values()];
    return modelPieces({ fields, initializers, producer, metadata });
  }
}
