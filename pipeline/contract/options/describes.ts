/**
 * Lets the compiler check that a schema and the types beside it agree. Public types are interfaces that are written out and documented, so
 * that readers and type checkers need no schema; a schema's own types are inferred and stay internal.
 *
 * @module
 */
import type { z } from "zod";

/**
 * `true` if a schema produces exactly what `Out` says, and accepts exactly the options that `In` has. Options of earlier
 * versions, which are never present, do not count.
 *
 * @example
 * ```ts
 * import { z } from "zod";
 * import type { Describes } from "./describes.ts";
 *
 * interface Tea {
 *   minutes: number;
 * }
 * const teaSchema = z.object({ minutes: z.number().default(3) });
 * true satisfies Describes<typeof teaSchema, Tea, Partial<Tea>>;
 * ```
 */
export type Describes<Schema extends z.ZodType, Out, In = Out> =
  Same<Known<z.output<Schema>>, Known<Out>> extends true
    ? Same<keyof Known<z.input<Schema>>, keyof Known<In>> extends true
      ? In extends Unchanged<z.input<Schema>> ? true : "the schema does not take what the type allows"
    : "the schema and the type take other options"
    : "the schema makes something else than the type says";

/**
 * The names of those shapes whose options or values differ from what a type says about them; `never` if none do.
 *
 * @example
 * ```ts
 * import { z } from "zod";
 * import type { Misdescribed } from "./describes.ts";
 *
 * interface Brews {
 *   tea: { minutes?: number };
 * }
 * const shapes = { tea: { minutes: z.number().default(3) } };
 * true satisfies [Misdescribed<typeof shapes, Brews>] extends [never] ? true : Misdescribed<typeof shapes, Brews>;
 * ```
 */
export type Misdescribed<Shapes extends Record<keyof Inputs, z.ZodRawShape>, Inputs> = {
  [K in keyof Inputs]: Same<Known<z.input<z.ZodObject<Shapes[K]>>>, Known<Inputs[K]>> extends true ? never
    : K;
}[keyof Inputs];

/** An input that is not modified: its lists may be read-only. */
type Unchanged<T> = T extends readonly unknown[] ? { readonly [K in keyof T]: Unchanged<T[K]> }
  : T extends object ? { [K in keyof T]: Unchanged<T[K]> }
  : T;

/** An object type without the keys that are never present. */
type Known<T> = { [K in keyof T as [T[K]] extends [undefined] ? never : K]: T[K] };

/** `true` if two types are the same. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;
