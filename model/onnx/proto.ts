/**
 * ONNX's messages, as far as a trained network needs them. Field numbers are those of `onnx.proto` in the `onnx`
 * package.
 *
 * A model consists of consecutive pieces. The numbers of a weight are a piece that is not copied: a copy of a large
 * table of items might not fit into memory.
 *
 * @module
 */
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { encode, type Field, float, message, text, whole } from "../records/protobuf.ts";

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
export const node = (
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
export const port = (
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
export function initializer(name: string, shape: readonly number[], values: Numbers): Uint8Array[] {
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

/** The parts of a model. */
export interface ModelParts {
  /** Nodes, inputs and outputs. */
  fields: readonly Field[];
  /** Constants, each in pieces. */
  initializers: readonly Uint8Array[][];
  /** The program that made it, and its version. */
  producer: readonly [name: string, version: string];
  /** Facts by name. */
  metadata: Readonly<Record<string, string>>;
}

/** A whole model, in pieces. */
export function modelPieces({ fields, initializers, producer, metadata }: ModelParts): Uint8Array[] {
  const facts = Object.entries(metadata).map(([key, value]) => message(14, text(1, key), text(2, value)));
  return [
    encode(whole(1, IR_VERSION), text(2, producer[0]), text(3, producer[1]), message(8, whole(2, OPSET))),
    ...nested(7, [encode(...fields, text(2, "scores")), ...initializers.flat()]),
    encode(...facts),
  ];
}
