/**
 * Checks the arguments of the library's functions before they are used, so that a mistake gives one clear line instead of an internal
 * error.
 *
 * @module
 */
import { InputError } from "../errors/classes.ts";

/** What an argument must be. */
export interface Wanted {
  /** Description, as in `a dataset, as readDataset() gives it`. */
  what: string;
  /** Whether a value fits the description. */
  fits(value: unknown): boolean;
  /**
   * Describes a value that does not fit, if its type alone does not explain it: `a list whose value 2 is a number`. Undefined if it does.
   */
  state?(value: unknown): string | undefined;
  /** Says what to do with a value that almost fits; undefined if it does not. */
  instead?(value: unknown): string | undefined;
}

const NTH = ["first", "second", "third", "fourth", "fifth"];

/**
 * Checks the arguments of a function or class.
 *
 * @param example A correct call: `evaluate(model, dataset)`.
 * @param given The arguments in order, each with what it must be.
 * @throws {InputError} for the first argument that does not fit.
 * @example
 * ```ts
 * import { checkCall, TEXT } from "./arguments.ts";
 * import assert from "node:assert/strict";
 *
 * checkCall('findDataset("ml-1m")', ["ml-100k", TEXT]);
 * assert.throws(() => checkCall('findDataset("ml-1m")', [5, TEXT]), {
 *   message: 'Cannot call findDataset: its first argument is a number; give a text, as in findDataset("ml-1m")',
 * });
 * ```
 */
export function checkCall(
  example: string,
  ...given: readonly (readonly [value: unknown, wanted: Wanted])[]
): void {
  const wrong = given.findIndex(([value, wanted]) => !wanted.fits(value));
  if (wrong < 0) return;
  const [value, wanted] = given[wrong], callee = example.slice(0, example.indexOf("("));
  const wish = isPromise(value) ? "put await before it" : wanted.instead?.(value) ?? `give ${wanted.what}`;
  throw new InputError(
    `Cannot call ${callee}: its ${NTH[wrong] ?? `${wrong + 1}th`} argument is ${
      foundFor(value, wanted)
    }; ${wish}, as in ${example}`,
  );
}

/** Describes a value that does not fit. */
export const foundFor = (value: unknown, wanted: Wanted): string => wanted.state?.(value) ?? found(value);

/** Describes a value in a few words. */
export function found(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (value === "") return "an empty text";
  if (Array.isArray(value)) return "a list";
  if (isFrame(value)) return "a data frame";
  if (isPromise(value)) return "a promise";
  if (typeof value !== "object") return KINDS[typeof value] ?? `a ${typeof value}`;
  const { name = "" } = value.constructor ?? {};
  return /^[A-Z]/.test(name) && name !== "Object" ? `of the class ${name}` : "another object";
}

const KINDS: Record<string, string> = { string: "a text", boolean: "true or false" };

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";

const isPromise = (value: unknown): boolean =>
  typeof (value as { then?: unknown } | null | undefined)?.then === "function";

/** Whether a value is a frame of Polars, which is an object too. */
const isFrame = (value: unknown): boolean =>
  typeof value === "object" && value !== null &&
  typeof (value as { lazy?: unknown }).lazy === "function" &&
  // In a frame with a column called "columns", this is that column.
  (value as { columns?: unknown }).columns !== undefined;

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !isFrame(value) &&
  !isPromise(value);

/** Whether a value is a plain object, not an instance of a class. */
const isPlain = (value: unknown): value is object =>
  isObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value));

/** A text. */
export const TEXT: Wanted = { what: "a text", fits: (value) => typeof value === "string" };

/** A number. */
export const NUMBER: Wanted = { what: "a number", fits: (value) => typeof value === "number" };

/** Describes a number that does not fit, by its value. */
export const stateOfNumber = (value: unknown): string | undefined =>
  typeof value === "number" ? String(value) : undefined;

/** A count of at least one. */
export const COUNT: Wanted = {
  what: "a whole number from 1",
  fits: (value) => Number.isSafeInteger(value) && value as number >= 1,
  state: stateOfNumber,
};

/** True or false. */
export const SWITCH: Wanted = { what: "true or false", fits: (value) => typeof value === "boolean" };

/** The path of a folder. */
export const FOLDER: Wanted = { what: "the path of a folder", fits: (value) => isText(value) };

/** An object with options. */
export const AN_OBJECT: Wanted = { what: "one object with options", fits: isPlain };

/** A value of that kind, or nothing. */
export const orNothing = (wanted: Wanted): Wanted => ({
  ...wanted,
  what: `${wanted.what}, or nothing`,
  fits: (value) => value === undefined || wanted.fits(value),
});

/** One of several words. */
export const oneOf = (words: readonly string[]): Wanted => ({
  what: `${words.length > 1 ? "one of " : ""}${words.map((word) => JSON.stringify(word)).join(", ")}`,
  fits: (value) => words.includes(value as string),
});

/** Either of two. */
export const either = (one: Wanted, other: Wanted): Wanted => ({
  what: `${one.what} or ${other.what}`,
  fits: (value) => one.fits(value) || other.fits(value),
  state: (value) => one.state?.(value) ?? other.state?.(value),
});

/**
 * A list whose values are all of one kind.
 *
 * @param fits Whether a value is of this kind.
 * @param state Describes a value that does not fit; see {@link Wanted}.
 */
export const listOf = (
  what: string,
  fits: (value: unknown) => boolean,
  state?: Wanted["state"],
): Wanted => ({
  what: `a list of ${what}`,
  fits: (value) => Array.isArray(value) && value.every(fits),
  state: (value) => {
    if (!Array.isArray(value)) return undefined;
    const wrong = value.findIndex((one) => !fits(one));
    return `a list whose value ${wrong + 1} is ${state?.(value[wrong]) ?? found(value[wrong])}`;
  },
});

/** A list of texts, such as names or ids. */
export const TEXTS: Wanted = listOf("texts", (one) => typeof one === "string");

/** An object with certain members, as created by another function. */
export const objectWith = (what: string, ...members: readonly string[]): Wanted => ({
  what,
  fits: (value) => hasMembers(value, ...members),
});

/** Options, among which the given ones are required. */
export const optionsWith = (...names: readonly string[]): Wanted => ({
  what: `one object with options, ${names.join(" and ")} among them`,
  fits: (value) => AN_OBJECT.fits(value) && hasMembers(value, ...names),
  state: (value) => {
    if (!AN_OBJECT.fits(value)) return undefined;
    return `an object without ${names.find((name) => !hasMembers(value, name))}`;
  },
});

/** Whether a value is an object that has certain members. */
export const hasMembers = (value: unknown, ...members: readonly string[]): boolean =>
  isObject(value) && members.every((name) => (value as Record<string, unknown>)[name] !== undefined);
