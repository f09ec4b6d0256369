/**
 * Attributes of TensorFlow's operations, as the native engine takes them.
 *
 * @module
 */

/** An attribute of a TensorFlow operation. */
export interface Attribute {
  name: string;
  type: number;
  value: unknown;
}

/** How those of our own operations are made. */
export interface AttributeMakers {
  integer(name: string, value: number): Attribute;
  number(value: number): Attribute;
  /** Of a flag: the one that is not set, and the one that is. */
  flag(name: string): Attribute[];
}
