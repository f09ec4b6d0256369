/**
 * A graph of ONNX operations, built one operation at a time, and its file. Field numbers are those of `onnx.proto` in the `onnx` package.
 *
 * A model's file consists of consecutive pieces. The numbers of a weight are a piece that is not copied: a copy of a large table of items
 * might not fit into memory.
 *
 * @module
 */
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { Value as OpsValue } from "../ops/ops.ts";
import { encode, type Field, float, message, text, whole } from "../records/protobuf.ts";
import type { SavedTensor } from "../records/safetensors.ts";

/** The operators' version; 20 is the first with GELU. onnxruntime supports it from 1.17 on. */
export const OPSET = 20;
/** The file format's version that goes with it. */
export const IR_VERSION = 9;

/** Types of numbers, with ONNX's numbers for them. */
export const TYPES = { float: 1, int32: 6, int64: 7, bool: 9 } as const;
export type Type = keyof typeof TYPES;

/** Numbers of one type, row-major. */
export type Numbers = Float32Array | Int32Array | BigInt64Array;

const typeOf = (values: Numbers): Type =>
  values instanceof Float32Array ? "float" : values instanceof Int32Array ? "int32" : "int64";

/** An operation's attribute: a whole number, several, a number marked as real, or text. */
export type Attribute = number | readonly number[] | { real: number } | string;

const KIND = { float: 1, int: 2, text: 3, ints: 7 };

/** An attribute of a node. */
function attribute(name: string, value: Attribute): Field {
  const named = (kind: number, ...fields: Field[]) => message(5, text(1, name), ...fields, whole(20, kind));
  if (typeof value === "string") return named(KIND.text, text(4, value));
  if (typeof value === "number") return named(KIND.int, whole(3, value));
  if ("real" in value) return named(KIND.float, float(2, value.real));
  return named(KIND.ints, ...value.map((number) => whole(8, number)));
}

/** An operation with the names of its inputs and outputs. An input that is left out has an empty name. */
const node = (
  operation: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>>,
): Field =>
  message(
    1,
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(3, outputs[0]),
    text(4, operation),
    ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  );

/** A dimension: its size, or the name of one that is known when the model runs. */
export type Dimension = number | string;

/** An input (field 11 of a graph) or an output (12). */
const port = (
  direction: "input" | "output",
  name: string,
  type: Type,
  shape: readonly Dimension[],
): Field => {
  const dimensions = shape.map((size) =>
    message(1, typeof size === "number" ? whole(1, size) : text(2, size))
  );
  return message(
    direction === "input" ? 11 : 12,
    text(1, name),
    message(2, message(1, whole(1, TYPES[type]), message(2, ...dimensions))),
  );
};

/** A constant of a graph, in pieces. */
function initializer(name: string, shape: readonly number[], values: Numbers): Uint8Array[] {
  const { buffer, byteOffset, byteLength } = values;
  return nested(5, [
    encode(...shape.map((size) => whole(1, size)), whole(2, TYPES[typeOf(values)]), text(8, name)),
    ...nested(9, [new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)]),
  ]);
}

/** A message, or bytes, as a field: the field's header, then the pieces. */
function nested(number: number, pieces: readonly Uint8Array[]): Uint8Array[] {
  const size = pieces.reduce((sum, { length }) => sum + length, 0);
  const head = new BinaryWriter().tag(number, WireType.LengthDelimited).uint32(size).finish();
  return [head, ...pieces];
}

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

  /**
   * Returns the graph as a model file, in pieces.
   *
   * @param metadata Facts by name.
   * @param producer The program that made it, and its version.
   */
  model(metadata: Readonly<Record<string, string>>, producer: readonly [string, string]): Uint8Array[] {
    const facts = Object.entries(metadata).map(([key, value]) => message(14, text(1, key), text(2, value)));
    const fields = encode(...this.#nodes, ...this.#ports, text(2, "scores"));
    return [
      encode(whole(1, IR_VERSION), text(2, producer[0]), text(3, producer[1]), message(8, whole(2, OPSET))),
      ...nested(7, [fields, ...[...this.#initializers.values()].flat()]),
      encode(...facts),
    ];
  }
}
