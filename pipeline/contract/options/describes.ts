/**
 * That a schema and the types beside it say the same, checked by the compiler. Public types are interfaces, written out and documented, so that
 * who reads or checks them needs no schema; a schema's own types are inferred, and stay inside.
 *
 * @module
 */
import type { z } from "zod";

/**
 * `true` where a schema makes what `Out` says and nothing else, and takes every option that `In` has and no other. Options of earlier
 * versions, which are never there, do not count.
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
 * Those of some shapes that take other options than a type says of them, or other values; `never` where none does.
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

/** What is given and not to be changed: its lists may be read only. */
type Unchanged<T> = T extends readonly unknown[] ? { readonly [K in keyof T]: Unchanged<T[K]> }
  : T extends object ? { [K in keyof T]: Unchanged<T[K]> }
  : T;

/** An object's keys but those that are never there. */
type Known<T> = { [K in keyof T as [T[K]] extends [undefined] ? never : K]: T[K] };

/** `true` where two types are the same. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;
