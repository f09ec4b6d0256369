/**
 * The tables of items that networks have: vectors that go in, vectors that scores come out of, and a number that is added to an item's
 * scores. One table may serve as both.
 *
 * @module
 */
import { z } from "zod";
import type { Tensor2D } from "../backend/tensor.ts";
import { ITEM_TABLE } from "../layers/embedding.ts";
import type { ParameterSpec } from "../layers/parameters.ts";
import type { Value } from "../ops/tape.ts";
import type { Batch } from "../train/network.ts";
import type { Pass } from "../train/pass.ts";

/** Vectors that scores come out of, if they are not those that go in; and the numbers added to scores. */
const OUTPUT_TABLE = "output.embedding", BIAS_TABLE = "output.itemBias";

/** Vectors begin small, so that no item stands out. */
const DEVIATION = 0.02;

/** Which tables a network has. */
export interface ItemTables {
  dim: number;
  tied: boolean;
  itemBias: boolean;
}

/** The same as options of a method. */
export const itemTables = (defaults: Omit<ItemTables, "dim">) => ({
  tied: z.boolean().default(defaults.tied).meta({
    description: "items' vectors serve as input and as output; --no-tied gives the output a table of its own",
  }),
  itemBias: z.boolean().default(defaults.itemBias)
    .meta({ description: "each item has a number that is added to its scores" }),
});

/** The tables' parameters. */
export function itemParameters(items: number, { dim, tied, itemBias }: ItemTables): ParameterSpec[] {
  const table = (name: string, width: number, deviation: number): ParameterSpec => ({
    name,
    shape: [items + 1, width],
    deviation,
    rows: "items",
  });
  return [
    table(ITEM_TABLE, dim, DEVIATION),
    ...(tied ? [] : [table(OUTPUT_TABLE, dim, DEVIATION)]),
    ...(itemBias ? [table(BIAS_TABLE, 1, 0)] : []),
  ];
}

/** What the scores of some items come out of: see `Network.items`. [n + 1, D], with its number behind each if there is one. */
export function itemVectors(pass: Pass, ids: Uint32Array, { tied, itemBias }: ItemTables): Value<Tensor2D> {
  const vectors = pass.table(tied ? ITEM_TABLE : OUTPUT_TABLE, ids);
  return itemBias ? pass.ops.concat([vectors, pass.table(BIAS_TABLE, ids)]) : vectors;
}

/**
 * The vectors of a batch's histories as input.
 *
 * @param items What {@link itemVectors} gave.
 * @returns [T · B, D]
 */
export function historyVectors(
  pass: Pass,
  { ids, rows }: Batch,
  items: Value<Tensor2D>,
  { dim, tied, itemBias }: ItemTables,
): Value<Tensor2D> {
  if (!tied) return pass.rows(ITEM_TABLE, ids);
  return pass.ops.gather(itemBias ? pass.ops.columns(items, 0, dim) : items, rows);
}

/** h [n, D], with a 1 behind each if items have a number of their own. */
export function forScores({ ops }: Pass, h: Value<Tensor2D>, { itemBias }: ItemTables): Value<Tensor2D> {
  const { tf } = ops.engine;
  return itemBias ? ops.concat([h, ops.constant(tf.ones([h.shape[0], 1]) as Tensor2D)]) : h;
}
