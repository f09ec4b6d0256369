/**
 * What the factors of a training's products are rounded to.
 *
 * @module
 */
import type { Same } from "../../pipeline/contract/options/describes.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";

/**
 * `float32`, or `bfloat16`, mixed precision: factors of products have 8 significant bits instead of 24, their sums and all else are float32
 * (Micikevicius et al., ICLR 2018; Kalamkar et al., arXiv:1905.12322).
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

/** The option of a training; left out it is `float32`. */
interface Asked {
  precision?: Precision;
}

/** Mixed precision, on an engine that has it. */
export interface MixedPrecision {
  /** Whether the processor multiplies bfloat16 faster than float32. Where it does not, factors are rounded all the same, which takes longer. */
  readonly isFaster: boolean;
  /** Does the work in it; the work does not wait for anything. */
  within<T>(work: () => T): T;
}

/** What is asked of an engine. */
interface Multiplies {
  name: string;
  bfloat16?: MixedPrecision;
}

/** Engines that somebody has been told of. */
const told = new WeakSet<Multiplies>();

/**
 * Says, once, where it takes longer.
 *
 * @throws {InputError} if the engine does not have it.
 */
export function checkPrecision(engine: Multiplies, { precision, ...context }: Asked & StageContext): void {
  if (precision !== "bfloat16" || engine.bfloat16?.isFaster) return;
  if (!engine.bfloat16) throw withoutBfloat16(engine.name);
  if (told.has(engine)) return;
  told.add(engine);
  contextOf(context).progress.warn(
    "--precision bfloat16 takes longer than float32 here: this processor is no faster at it, and multiplies the rounded factors as float32",
  );
}

/**
 * The same of an engine that is named, before it is opened.
 *
 * @throws {InputError} if it does not have the precision.
 */
export function checkPrecisionOf(engine: string, { precision }: Asked): void {
  if (precision === "bfloat16" && engine !== "native") throw withoutBfloat16(engine);
}

const withoutBfloat16 = (engine: string): InputError =>
  new InputError(
    `Cannot train in bfloat16 on the ${engine} engine: only the native engine has it, on a CPU; work with that one, or leave out --precision`,
  );

/** Does the work in the precision. */
export const inPrecision = <T>({ bfloat16 }: Multiplies, { precision }: Asked, work: () => T): T =>
  precision === "bfloat16" && bfloat16 ? bfloat16.within(work) : work();
