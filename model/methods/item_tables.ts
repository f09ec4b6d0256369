/**
 * The tables of items that networks have: input vectors, output vectors that scores are computed from, and a number that is added to an
 * item's scores. One table may serve as both input and output.
 *
 * @module
 */
import { z } from "zod";
import type { Tensor1D, Tensor2D } from "../backend/tensor.ts";
import { ITEM_TABLE } from "../layers/embedding.ts";
import type { ParameterSpec } from "../layers/parameters.ts";
import type { Value } from "../ops/tape.ts";
import type { Batch } from "../train/network.ts";
import type { Pass } from "../train/pass.ts";

/** Names of the output vectors, if they differ from the input vectors, and of the numbers added to scores. */
export const OUTPUT_TABLE = "output.embedding", BIAS_TABLE = "output.itemBias";

/** Vectors are initially small, so that no item stands out. */
const DEVIATION = 0.02;

/** Which tables a network has. */
export interface ItemTables {
  dim: number;
  tied: boolean;
  itemBias: boolean;
}

/** Returns the choice of tables as options of a method. */
export const itemTables = (defaults: Omit<ItemTables, "dim">) => ({
  tied: z.boolean().default(defaults.tied).meta({
    description: "items' vectors serve as input and as output; --no-tied gives the output a table of its own",
  }),
  itemBias: z.boolean().default(defaults.itemBias)
    .meta({ description: "add a bias of its own to each item's scores" }),
});

/** Returns the tables' parameters. */
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

/** Returns the vectors that the scores of some items are computed from, [n + 1, D]: see `Network.items`. */
export const itemVectors = (pass: Pass, ids: Uint32Array, { tied }: ItemTables): Value<Tensor2D> =>
  pass.table(tied ? ITEM_TABLE : OUTPUT_TABLE, ids);

/** Returns the numbers added to the items' scores, [n + 1], if there are any: see `Network.biases`. */
export function itemBiases(
  pass: Pass,
  ids: Uint32Array,
  { itemBias }: ItemTables,
): Value<Tensor1D> | undefined {
  return itemBias ? pass.ops.reshape(pass.table(BIAS_TABLE, ids), [ids.length + 1]) : undefined;
}

/**
 * Returns the input vectors of a batch's histories.
 *
 * @param items The result of {@link itemVectors}.
 * @returns [T · B, D]
 */
export const historyVectors = (
  pass: Pass,
  { ids, rows }: Batch,
  items: Value<Tensor2D>,
  { tied }: ItemTables,
): Value<Tensor2D> => tied ? pass.ops.gather(items, rows) : pass.rows(ITEM_TABLE, ids);
