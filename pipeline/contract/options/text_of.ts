/**
 * Schemas for options that are texts of a certain form.
 *
 * @module
 */
import { z } from "zod";

/**
 * Returns the schema of a text with a more specific type, such as `NDCG@10` or a name. The form itself is checked where the text is
 * used, because that code can suggest the nearest valid one.
 *
 * @example
 * ```ts
 * import { textOf } from "./text_of.ts";
 *
 * const size: `${number}GiB` = textOf<`${number}GiB`>().parse("2GiB");
 * console.log(size);
 * ```
 */
export const textOf = <T extends string>(): z.ZodType<T, T> => z.string() as unknown as z.ZodType<T, T>;
