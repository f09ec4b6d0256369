/**
 * Encodes Protobuf messages from numbered fields, as in `encode(text(1, "loss"), float(2, 0.5))`.
 *
 * @module
 */
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** One field of a message. */
export type Field = (writer: BinaryWriter) => void;

export const double = (number: number, value: number): Field => (writer) =>
  void writer.tag(number, WireType.Bit64).double(value);

export const float = (number: number, value: number): Field => (writer) =>
  void writer.tag(number, WireType.Bit32).float(value);

/** A 64-bit integer, or a value of an enumeration. */
export const whole = (number: number, value: number): Field => (writer) =>
  void writer.tag(number, WireType.Varint).int64(value);

export const yesNo = (number: number, value: boolean): Field => (writer) =>
  void writer.tag(number, WireType.Varint).bool(value);

export const text = (number: number, value: string): Field => (writer) =>
  void writer.tag(number, WireType.LengthDelimited).string(value);

/** A list of numbers, in packed form. */
export const doubles = (number: number, values: readonly number[]): Field => (writer) => {
  writer.tag(number, WireType.LengthDelimited).fork();
  values.forEach((value) => writer.double(value));
  writer.join();
};

/** A message as a field. A `bytes` field that contains a message has the same form. */
export const message = (number: number, ...fields: Field[]): Field => (writer) => {
  writer.tag(number, WireType.LengthDelimited).fork();
  fields.forEach((field) => field(writer));
  writer.join();
};

/** Encodes a message as bytes. */
export function encode(...fields: Field[]): Uint8Array {
  const writer = new BinaryWriter();
  fields.forEach((field) => field(writer));
  return writer.finish();
}
