/**
 * The names of the protocols for negatives.
 *
 * @module
 */
import type { Same } from "../options/describes.ts";

/**
 * The protocols for drawing negatives.
 *
 * - `recbole`: as in RecBole 1.x. Independent draws with replacement, by popularity, with only the target excluded;
 *   duplicates stay in the list and collapse in the evaluation.
 * - `strict`: distinct items by popularity, none that the user ever interacted with.
 * - `uniform`: distinct items, each equally likely, none that the user ever interacted with.
 *
 * @example
 * ```ts
 * import { prepare, PROTOCOLS } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out, protocols: PROTOCOLS, evalNegatives: 5 });
 * for (const protocol of PROTOCOLS) {
 *   assert.equal(dataset.negatives(protocol, "test").items.length, 5 * dataset.users);
 * }
 * ```
 */
export const PROTOCOLS = ["recbole", "strict", "uniform"] as const;
/** A protocol for drawing negatives: one of the {@link PROTOCOLS}. */
export type Protocol = "recbole" | "strict" | "uniform";
true satisfies Same<Protocol, (typeof PROTOCOLS)[number]>;
