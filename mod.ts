/**
 * automlp: sequential recommendation by multilayer perceptrons, for Deno. The data pipeline from raw interactions to a
 * frozen dataset.
 *
 * @example
 * ```ts ignore
 * import { prepare } from "automlp";
 * const { dataset } = await prepare({ data: "ratings.csv", out: "data/mine" });
 * ```
 *
 * @module
 */
export * from "./pipeline/mod.ts";
