/**
 * `@std/cli`'s `parseArgs`, built on the tokens of `node:util`'s, for machines that cannot reach JSR.
 *
 * @module
 */
import { parseArgs as tokenize } from "node:util";

/** Options of {@link parseArgs}. */
export interface ParseOptions<
  TBooleans extends string = string,
  TStrings extends string = string,
  TCollectable extends string = string,
  TDefault extends Record<string, unknown> = Record<string, unknown>,
> {
  /** Whether arguments after `--` go into the result's `--` rather than its `_`. Default: false. */
  "--"?: boolean;
  /** Alternative names of options. */
  alias?: Record<string, string | readonly string[]>;
  /** Options that take no value and default to false; `true`: all options without `=`. */
  boolean?: TBooleans | readonly TBooleans[] | boolean;
  /** Values of options that are not given. */
  default?: TDefault;
  /** Whether everything from the first positional argument on goes into `_`. Default: false. */
  stopEarly?: boolean;
  /**
   * Options whose value stays text; values of other options become numbers if they look like it. `_` in the list keeps positional
   * arguments as text.
   */
  string?: TStrings | readonly TStrings[];
  /** Options that may be given more than once and collect their values; `[]` if not given. */
  collect?: TCollectable | readonly TCollectable[];
  /** Options that `--no-NAME` sets to false. */
  negatable?: string | readonly string[];
  /** Called with each argument that is not one of the options above; if it returns false, the argument is left out. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** The result of {@link parseArgs}: options by name, and positional arguments in `_`. */
export type Args<
  TBooleans extends string = never,
  TStrings extends string = never,
  TCollectable extends string = never,
  TDefault = Record<never, never>,
> =
  // deno-lint-ignore no-explicit-any
  & ([TBooleans | TStrings | TCollectable] extends [never] ? Record<string, any> : Record<string, unknown>)
  & { [K in Exclude<TBooleans, TCollectable>]: boolean }
  & { [K in Exclude<TStrings, TCollectable | keyof TDefault>]?: string }
  & { [K in Exclude<TStrings, TCollectable> & keyof TDefault]: string | TDefault[K] }
  & { [K in TStrings & TCollectable]: string[] }
  & { [K in TBooleans & TCollectable]: boolean[] }
  & { [K in Exclude<TCollectable, TStrings | TBooleans>]: unknown[] }
  & { _: (string | number)[]; "--"?: string[] };

type Nested = { [key: string]: unknown };

const list = <T extends string>(value: T | readonly T[] | undefined): T[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : [...value];

const toNumber = (text: string) =>
  /^0x[0-9a-f]+$/i.test(text) || /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(e[-+]?\d+)?$/.test(text)
    ? Number(text)
    : text;

const isTruth = (text: string | undefined) => text === "true" || text === "false";

/**
 * Parses a command line.
 *
 * @example
 * ```ts
 * import { parseArgs } from "./cli.ts";
 * import assert from "node:assert/strict";
 *
 * const args = parseArgs(["--quiet", "--data=a.csv", "--data", "b.csv", "out"], {
 *   boolean: ["quiet"],
 *   string: ["data"],
 *   collect: ["data"],
 * });
 * assert.deepEqual(args, { _: ["out"], quiet: true, data: ["a.csv", "b.csv"] });
 * ```
 */
export function parseArgs<
  const TBooleans extends string = never,
  const TStrings extends string = never,
  const TCollectable extends string = never,
  TDefault extends Record<string, unknown> = Record<never, never>,
>(
  args: string[],
  options: ParseOptions<TBooleans, TStrings, TCollectable, TDefault> = {},
): Args<TBooleans, TStrings, TCollectable, TDefault> {
  return new ArgsParser(options).parse(args) as unknown as Args<TBooleans, TStrings, TCollectable, TDefault>;
}

class ArgsParser {
  readonly #options: ParseOptions;
  readonly #aliases = new Map<string, string[]>();
  readonly #booleans: Set<string>;
  readonly #strings: Set<string>;
  readonly #collected: Set<string>;
  readonly #negatable: Set<string>;
  readonly #allBooleans: boolean;
  readonly #result: Nested & { _: (string | number)[] } = { _: [] };

  constructor(options: ParseOptions) {
    this.#options = options;
    for (const [key, value] of Object.entries(options.alias ?? {})) {
      const names = [key, ...list(value)];
      for (const name of names) this.#aliases.set(name, names.filter((other) => other !== name));
    }
    const withAliases = (names: string | readonly string[] | undefined) =>
      new Set(list(names).flatMap((name) => [name, ...this.#aliases.get(name) ?? []]));
    this.#allBooleans = options.boolean === true;
    this.#booleans = withAliases(typeof options.boolean === "boolean" ? [] : options.boolean);
    this.#strings = withAliases(options.string);
    this.#collected = withAliases(options.collect);
    this.#negatable = withAliases(options.negatable);
  }

  parse(args: string[]): Nested {
    const end = args.indexOf("--");
    const rest = end < 0 ? [] : args.slice(end + 1);
    const own = end < 0 ? args : args.slice(0, end);
    // Not strict, and without options: this produces a token for each argument, and leaves values to the rules below.
    const { tokens } = tokenize({ args: own, strict: false, allowPositionals: true, tokens: true });
    for (let i = 0; i < own.length; i++) {
      const arg = own[i];
      const token = tokens.find(({ index }) => index === i)!;
      if (token.kind === "option") {
        const took = token.rawName.startsWith("--")
          ? this.#long(arg, token.name, token.value, own[i + 1])
          : this.#short(arg, own[i + 1]);
        if (took) i++;
        continue;
      }
      if (this.#options.unknown?.(arg) !== false) {
        this.#result._.push(this.#strings.has("_") ? arg : toNumber(arg));
      }
      if (this.#options.stopEarly) {
        this.#result._.push(...own.slice(i + 1));
        break;
      }
    }
    this.#fillIn();
    if (this.#options["--"]) this.#result["--"] = rest;
    else this.#result._.push(...rest);
    return this.#result;
  }

  #isBoolean(key: string): boolean {
    return this.#booleans.has(key);
  }

  /** Handles `--key`, `--key=value`, `--key value` or `--no-key`; returns true if the next argument was taken as the value. */
  #long(arg: string, key: string, value: string | undefined, next: string | undefined): boolean {
    if (value !== undefined) {
      this.#set(key, this.#isBoolean(key) ? value !== "false" : value, arg);
      return false;
    }
    const positive = key.replace(/^no-/, "");
    if (positive !== key && this.#negatable.has(positive)) {
      this.#set(positive, false, arg, false);
      return false;
    }
    if (next && !next.startsWith("-") && !this.#isBoolean(key) && !this.#allBooleans) {
      this.#set(key, next, arg);
      return true;
    }
    if (isTruth(next)) {
      this.#set(key, next !== "false", arg);
      return true;
    }
    this.#set(key, this.#strings.has(key) ? "" : true, arg);
    return false;
  }

  /** Handles `-k`, `-k value`, `-kvalue`, `-k=value` or several letters at once; returns true if the next argument was taken. */
  #short(arg: string, next: string | undefined): boolean {
    const letters = arg.slice(1);
    for (const [i, letter] of [...letters.slice(0, -1)].entries()) {
      const after = letters.slice(i + 1);
      const value = /^[A-Za-z]$/.test(letter) && after.startsWith("=")
        ? after.slice(1)
        : /^[A-Za-z]$/.test(letter) && /^-?\d+(\.\d*)?(e-?\d+)?$/.test(after) || /^\W/.test(after)
        ? after
        : undefined;
      if (value !== undefined) {
        this.#set(letter, value, arg);
        return false;
      }
      this.#set(letter, this.#strings.has(letter) ? "" : true, arg);
    }
    const key = letters.at(-1)!;
    if (next && !/^--?[^-]/.test(next) && !this.#isBoolean(key)) {
      this.#set(key, next, arg);
      return true;
    }
    if (isTruth(next)) {
      this.#set(key, next !== "false", arg);
      return true;
    }
    this.#set(key, this.#strings.has(key) ? "" : true, arg);
    return false;
  }

  #set(key: string, value: string | boolean, arg: string, collect = true) {
    const known = this.#isBoolean(key) || this.#strings.has(key) || this.#aliases.has(key) ||
      this.#allBooleans && /^--[^=]+$/.test(arg);
    if (!known && this.#options.unknown?.(arg, key, value) === false) return;
    const typed = typeof value === "string" && !this.#strings.has(key) ? toNumber(value) : value;
    for (const name of [key, ...this.#aliases.get(key) ?? []]) {
      this.#put(name, typed, collect && this.#collected.has(key));
    }
  }

  /** Sets a value; a name with dots refers to nested objects. */
  #put(name: string, value: unknown, collect: boolean) {
    const path = name.split(".");
    const last = path.pop()!;
    let target: Nested = this.#result;
    for (const part of path) target = (target[part] ??= {}) as Nested;
    if (collect) (Array.isArray(target[last]) ? target[last] : target[last] = [] as unknown[]).push(value);
    else target[last] = value;
  }

  #has(name: string): boolean {
    let target: unknown = this.#result;
    for (const part of name.split(".")) {
      if (typeof target !== "object" || target === null || !Object.hasOwn(target, part)) return false;
      target = (target as Nested)[part];
    }
    return true;
  }

  /** Fills in options that were not given: their defaults, false, or an empty list. */
  #fillIn() {
    for (const [key, value] of Object.entries(this.#options.default ?? {})) {
      if (this.#has(key)) continue;
      for (const name of [key, ...this.#aliases.get(key) ?? []]) this.#put(name, value, false);
    }
    for (const key of this.#booleans) {
      if (!this.#has(key)) this.#put(key, this.#collected.has(key) ? [] : false, false);
    }
    for (const key of this.#collected) {
      if (this.#strings.has(key) && !this.#has(key)) this.#put(key, [], false);
    }
  }
}
