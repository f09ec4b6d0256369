/**
 * BERT4Rec: self-attention in both directions; hidden items of a sequence are predicted (the Cloze task), and so is the next item, as a
 * hidden one at the end.
 *
 * Source: Sun et al., "BERT4Rec: Sequential Recommendation with Bidirectional Encoder Representations from Transformer" (CIKM 2019):
 * embeddings with learnt positions, blocks of multi-head self-attention without mask (equations 1 and 2) and a position-wise feed-forward
 * network of 4 D hidden units with GELU (equation 3), each with dropout, a residual and a LayerNorm after it (equations 5 and 6); scores
 * GELU(h Wᴾ + bᴾ) Eᵀ + bᴼ with the input embeddings (equation 7). A share ρ of a sequence is hidden, or only its last item
 * (section 3.6); in the paper each sequence has several masks, made beforehand, while here each epoch draws new ones.
 *
 * The authors' code, which follows BERT's, has biases in the attention, and LayerNorms after the embeddings and after the last GELU; the
 * paper's equations have neither. RecBole's is like the code; until 2023 it scored by h Eᵀ.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { Tensor1D, Tensor2D } from "../backend/tensor.ts";
import { bias, dense, type ParameterSpec } from "../layers/parameters.ts";
import {
  blockParameters,
  positionParameters,
  transformerBlock,
  withPositions,
} from "../layers/transformer.ts";
import type { Value } from "../ops/tape.ts";
import { type Batch, type Network, newest } from "../train/network.ts";
import type { Pass } from "../train/pass.ts";
import { checkHeads, type Configured, heads, shapes } from "./config.ts";
import { historyVectors, itemBiases, itemParameters, type ItemTables, itemVectors } from "./item_tables.ts";
import { neuralMethod } from "./neural.ts";

const shape = {
  ...shapes,
  heads: heads(2),
  hidden: z.number().gt(0).lt(1).default(0.2)
    .meta({
      title: "P",
      description: "share of a sequence that training hides and predicts",
      space: { min: 0.1, max: 0.6 },
    }),
};
/** The method's sizes and choices. */
export type Config = Configured<typeof shape>;

/** Names of the position vectors, and of the vector of hidden items. */
export const POSITIONS = "positions.embedding", HIDDEN = "hidden.embedding";

/** @throws {InputError} if the sizes contradict each other. */
function check({ heads, dim, length }: { heads: number; dim: number; length?: number }): void {
  checkHeads("BERT4Rec", { heads, dim });
  if (length === undefined || length > 1) return;
  throw new InputError(
    "Cannot build BERT4Rec: the next item, which is hidden, takes one place of a history, and --length 1 leaves none; give 2 or more",
  );
}

class Bert4recNetwork implements Network {
  readonly parameters: readonly ParameterSpec[];
  readonly #tables: ItemTables;

  constructor(readonly config: Config) {
    const { items, dim, length, layers } = config;
    this.#tables = { dim, tied: true, itemBias: true };
    this.parameters = [
      ...itemParameters(items, this.#tables),
      { name: HIDDEN, shape: [1, dim], deviation: 0.02 },
      positionParameters(POSITIONS, length, dim),
      ...Array.from({ length: layers }, (_, i) => blockParameters(`block.${i}`, dim, 4 * dim)).flat(),
      dense("output.w", dim, dim),
      bias("output.b", dim),
    ];
  }

  items(pass: Pass, ids: Uint32Array): Value<Tensor2D> {
    return itemVectors(pass, ids, this.#tables);
  }

  biases(pass: Pass, ids: Uint32Array): Value<Tensor1D> | undefined {
    return itemBiases(pass, ids, this.#tables);
  }

  encode(pass: Pass, batch: Batch, items: Value<Tensor2D>): Value<Tensor2D> {
    const { ops } = pass, { layers, heads } = this.config, { at = newest(batch) } = batch;
    const embedded = ops.add(historyVectors(pass, batch, items, this.#tables), this.#hidden(pass, batch));
    const block = { heads, causal: false, activation: "gelu" as const };
    let x = pass.dropout(withPositions(pass, POSITIONS, embedded, batch)); // [T · B, D]
    for (let i = 0; i < layers; i++) {
      x = transformerBlock(pass, `block.${i}`, x, block, batch, i === layers - 1 ? at : undefined);
    }
    return ops.gelu(ops.dense(x, pass.weight("output.w"), pass.weight<Tensor1D>("output.b"))); // [n, D]
  }

  /** Returns the vector of hidden items at hidden positions and zeros elsewhere, [T · B, D]. */
  #hidden(pass: Pass, { ids }: Batch): Value<Tensor2D> {
    const { ops } = pass;
    const there = new Float32Array(ids.length);
    ids.forEach((id, i) => there[i] = Number(id > this.config.items));
    const column = ops.constant(ops.engine.tf.tensor2d(there, [ids.length, 1]) as Tensor2D);
    return ops.matMul(column, pass.weight(HIDDEN));
  }
}

/** BERT4Rec (Sun et al., CIKM 2019). */
export const bert4rec = neuralMethod({
  name: "bert4rec",
  title: "BERT4Rec",
  paper: "Sun et al., CIKM 2019",
  help: "self-attention that sees both sides, trained to fill in hidden items",
  shape,
  check,
  examples: () => "masked",
  loss: "ce",
  training: { batchSize: 128 },
  hidden: ({ hidden }) => hidden,
  network: (_dataset, config) => new Bert4recNetwork(config),
});
