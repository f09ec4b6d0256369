/**
 * automlp: sequential recommendation by multilayer perceptrons, for Deno. The data pipeline from raw interactions to a
 * frozen dataset, and AutoMLP on it: differentiable search for the short-term length, retraining, evaluation.
 *
 * @example
 * ```ts ignore
 * import { prepare } from "automlp";
 * const { dataset } = await prepare({ data: "ratings.csv", out: "data/mine" });
 * ```
 *
 * @module
 */
import "./pipeline/notebook/mod.ts";
export * from "./pipeline/mod.ts";
export * from "./model/mod.ts";
