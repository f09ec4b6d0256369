/**
 * Options that are texts of a certain form.
 *
 * @module
 */
import { z } from "zod";

/**
 * The schema of a text of which its type says more: as `NDCG@10`, or the name of something. Whether it is one is checked where the text is
 * read, which knows the nearest one that there is.
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
