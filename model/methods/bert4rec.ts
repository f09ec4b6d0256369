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
import { denseLayer } from "../layers/dense.ts";
import { type Parameter, parametersOf } from "../layers/parameters.ts";
import { positions, throughBlocks, transformerBlock } from "../layers/transformer.ts";
import type { Tensor2D } from "../backend/tensor.ts";
import type { Network } from "../train/network.ts";
import { checkHeads, type Configured, heads, neuralMethod, shapes } from "./neural.ts";
import { itemTables } from "./item_tables.ts";

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
type Config = Configured<typeof shape>;

/** @throws {InputError} if the sizes contradict each other. */
function check({ heads, dim, length }: { heads: number; dim: number; length?: number }): void {
  checkHeads("BERT4Rec", { heads, dim });
  if (length === undefined || length > 1) return;
  throw new InputError(
    "Cannot build BERT4Rec: the next item, which is hidden, takes one place of a history, and --length 1 leaves none; give 2 or more",
  );
}

function networkOf(config: Config): Network {
  const { items: count, dim, heads, length, layers } = config;
  const tables = itemTables({ items: count, dim, tied: true, itemBias: true });
  const hidden: Parameter<Tensor2D> = { name: "hidden.embedding", shape: [1, dim], deviation: 0.02 };
  const places = positions("positions.embedding", length, dim);
  const shape = { dim, heads, causal: false, activation: "gelu" as const };
  const blocks = Array.from({ length: layers }, (_, i) => transformerBlock(`block.${i}`, shape));
  const output = denseLayer(["output.w", "output.b"], dim, dim);
  return {
    parameters: parametersOf(tables, hidden, places, ...blocks, output),
    items: tables.items,
    biases: tables.biases,
    encode(pass, batch, items) {
      const { ops } = pass;
      // The vector of hidden items at hidden positions, zeros elsewhere.
      const hiding = ops.matMul(ops.equals(batch.ids, count + 1), pass.weight(hidden));
      const embedded = ops.add(tables.histories(pass, batch, items), hiding);
      const x = pass.dropout(places.addTo(pass, embedded, batch)); // [T · B, D]
      return ops.gelu(output.apply(pass, throughBlocks(pass, blocks, x, batch))); // [n, D]
    },
  };
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
  network: (_dataset, config) => networkOf(config),
});
