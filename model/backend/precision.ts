/**
 * The precision that the factors of products are rounded to in training.
 *
 * @module
 */
import type { Same } from "../../pipeline/contract/options/describes.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";

/**
 * The precisions of training: `float32`, or `bfloat16` for mixed precision, where factors of products have 8 significant bits instead of
 * 24, and their sums and everything else are float32 (Micikevicius et al., ICLR 2018; Kalamkar et al., arXiv:1905.12322).
 *
 * @example
 * ```ts
 * import { PRECISIONS } from "automlp";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(PRECISIONS, ["float32", "bfloat16"]);
 * ```
 */
export const PRECISIONS = ["float32", "bfloat16"] as const;
/** One of the {@link PRECISIONS}. */
export type Precision = "float32" | "bfloat16";
true satisfies Same<Precision, (typeof PRECISIONS)[number]>;

/** The precision option of a training. Default: `float32`. */
interface Asked {
  precision?: Precision;
}

/** Mixed precision, on an engine that supports it. */
export interface MixedPrecision {
  /** Whether the processor multiplies bfloat16 faster than float32. If not, factors are still rounded, which takes longer. */
  readonly isFaster: boolean;
  /** Runs the work in mixed precision; the work must be synchronous. */
  within<T>(work: () => T): T;
}

/** What this module needs to know about an engine. */
interface Multiplies {
  name: string;
  bfloat16?: MixedPrecision;
}

/** Engines for which the warning has already been given. */
const told = new WeakSet<Multiplies>();

/**
 * Warns, once per engine, if bfloat16 takes longer than float32 on it.
 *
 * @throws {InputError} if the engine does not support bfloat16.
 */
export function checkPrecision(engine: Multiplies, { precision, ...context }: Asked & StageContext): void {
  if (precision !== "bfloat16" || engine.bfloat16?.isFaster) return;
  if (!engine.bfloat16) throw withoutBfloat16(engine.name);
  if (told.has(engine)) return;
  told.add(engine);
  contextOf(context).progress.warn(
    "precision: bfloat16 takes longer than float32 here: this processor is no faster at it, and multiplies the rounded factors as float32",
  );
}

/**
 * Checks the precision for an engine given by name, before it is opened.
 *
 * @throws {InputError} if the engine does not support the precision.
 */
export function checkPrecisionOf(engine: string, { precision }: Asked): void {
  if (precision === "bfloat16" && engine !== "native") throw withoutBfloat16(engine);
}

const withoutBfloat16 = (engine: string): InputError =>
  new InputError(
    `Cannot train in bfloat16 on the ${engine} engine: only the native engine has it, on a CPU; work with that one, or leave out precision`,
  );

/** Runs the work in the given precision. */
export const inPrecision = <T>({ bfloat16 }: Multiplies, { precision }: Asked, work: () => T): T =>
  precision === "bfloat16" && bfloat16 ? bfloat16.within(work) : work();
