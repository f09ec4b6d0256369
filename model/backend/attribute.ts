/**
 * Attributes of TensorFlow's operations, in the form that the native engine takes.
 *
 * @module
 */

/** An attribute of a TensorFlow operation. */
export interface Attribute {
  name: string;
  type: number;
  value: unknown;
}

/** Functions that make the attributes of our own operations. */
export interface AttributeMakers {
  integer(name: string, value: number): Attribute;
  number(value: number): Attribute;
  /** Returns both attributes of a flag: unset, and set. */
  flag(name: string): Attribute[];
}
