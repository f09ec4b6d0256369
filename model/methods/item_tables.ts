/**
 * The tables of items that networks have: input vectors, output vectors that scores are computed from, and a number that is added to an
 * item's scores. One table may serve as both input and output.
 *
 * @module
 */
import { z } from "zod";
import type { Tensor1D, Tensor2D } from "../backend/tensor.ts";
import { ITEM_TABLE } from "../layers/item_vectors.ts";
import { type Layer, parametersOf, table } from "../layers/parameters.ts";
import type { Pass } from "../layers/pass.ts";
import type { Ids, Value } from "../ops/ops.ts";
import type { Batch } from "../train/network.ts";

/** Which tables a network has. */
interface TableChoice {
  tied: boolean;
  itemBias: boolean;
}

/** Returns the choice of tables as options of a method. */
export const itemTablesShape = (defaults: TableChoice) => ({
  tied: z.boolean().default(defaults.tied).meta({
    description: "items' vectors serve as input and as output; --no-tied gives the output a table of its own",
  }),
  itemBias: z.boolean().default(defaults.itemBias)
    .meta({ description: "add a bias of its own to each item's scores" }),
});

/** The tables of a network. */
export interface ItemTables extends Layer {
  /** The vectors that the scores of some items are computed from: see `Network.items`. */
  items(pass: Pass, ids: Ids): Value<Tensor2D>;
  /** The numbers added to their scores, if there are any: see `Network.biases`. */
  biases(pass: Pass, ids: Ids): Value<Tensor1D> | undefined;
  /** The input vectors of a batch's histories, [T · B, D]. @param items What {@link ItemTables.items} returned. */
  histories(pass: Pass, batch: Batch, items: Value<Tensor2D>): Value<Tensor2D>;
}

/** Returns the tables. */
export function itemTables(
  { items: count, dim, tied, itemBias }: TableChoice & { items: number; dim: number },
): ItemTables {
  const input = table(ITEM_TABLE, "items", count + 1, dim);
  const output = tied ? input : table("output.embedding", "items", count + 1, dim);
  const biases = { ...table("output.itemBias", "items", count + 1, 1), deviation: 0 };
  return {
    parameters: parametersOf(input, ...(tied ? [] : [output]), ...(itemBias ? [biases] : [])),
    items: (pass, ids) => pass.table(output, ids),
    biases: (pass, ids) => itemBias ? pass.ops.reshape(pass.table(biases, ids), [-1]) : undefined,
    histories: (pass, { ids, rows }, items) => tied ? pass.ops.gather(items, rows) : pass.rows(input, ids),
  };
}
