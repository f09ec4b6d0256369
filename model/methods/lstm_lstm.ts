/**
 * LSTM-LSTM: one network of long short-term memory over the whole history and another over only the newest k interactions.
 *
 * Source: AutoMLP (WWW 2023) compares itself with it and names no paper. It is read here as AutoMLP with both of its interest modules made
 * of LSTM cells (Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 1997, with the forget gate of Gers et al. 2000):
 * x^l = the state after the history, x^s = the state after its newest k items from an empty state, and AutoMLP's output layer,
 * h = W^o LayerNorm([x^s, x^l]) + b^o. k is an option (`short`) and not searched.
 *
 * Training predicts the next item at every position: the long-term network processes a window once, and the short-term one the k positions
 * up to each, so that none sees what comes later. One example for each prefix instead would process T + k positions for every target, not 1
 * + k.
 *
 * RecBole has no such method.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { Tensor2D, Tensor3D } from "../backend/tensor.ts";
import { denseLayer } from "../layers/dense.ts";
import { ITEM_TABLE } from "../layers/item_vectors.ts";
import { parametersOf, table } from "../layers/parameters.ts";
import type { Pass } from "../layers/pass.ts";
import { type RecurrentLayers, recurrentLayers } from "../layers/recurrent.ts";
import { MIXER_EPSILON, type Places, type Value } from "../ops/ops.ts";
import type { Network } from "../train/network.ts";
import { causal, type Configured, neuralMethod, RECURRENT_TRAINING, shapes, withDefault } from "./neural.ts";

const shape = {
  ...shapes,
  layers: withDefault(shapes.layers, 1),
  hidden: z.int().positive().max(16_384).default(64)
    .meta({ title: "H", description: "size of each recurrent state", space: [64, 128, 256] }),
  short: z.int().positive().max(10_000).default(5)
    .meta({ title: "K", description: "number of newest interactions that the short-term network sees" }),
  ...causal,
};
type Config = Configured<typeof shape>;

function networkOf(config: Config): Network {
  const { items: count, dim, hidden, short, length } = config;
  if (short > length) {
    throw new InputError(
      `Cannot build LSTM-LSTM: the short-term length ${short} is above the longest history, ${length}; give --short ${length} or less, or --length ${short} or more`,
    );
  }
  const vectors = table(ITEM_TABLE, "items", count + 1, dim);
  const longTerm = recurrentLayers("lstm", "long", config);
  const shortTerm = recurrentLayers("lstm", "short", config);
  const output = denseLayer(["output.wo", "output.bo"], dim, 2 * hidden);
  /** The states after each position, [T · B, H]. @param x [T · B, D] */
  const states = (pass: Pass, network: RecurrentLayers, x: Value<Tensor2D>, places: Places) => {
    const sequences = pass.ops.reshape<Tensor3D>(x, [places.length, -1, dim]);
    return pass.ops.reshape<Tensor2D>(network.apply(pass, sequences, places), [-1, hidden]);
  };
  return {
    parameters: parametersOf(vectors, longTerm, shortTerm, output),
    window: { prefix: "short.", places: short },
    items: (pass, ids) => pass.table(vectors, ids),
    encode(pass, batch, items) {
      const { ops } = pass;
      const x = pass.dropout(ops.gather(items, batch.rows)); // [T · B, D]
      const long = states(pass, longTerm, x, batch);
      const { places, ids, last } = ops.upTo(batch, short); // [k · n]
      const recent = states(pass, shortTerm, ops.gather(x, places), { length: short, ids });
      const joint = ops.concat([ops.gather(recent, last), ops.gather(long, batch.at)]);
      return output.apply(pass, pass.dropout(ops.normalize(joint, MIXER_EPSILON)));
    },
  };
}

/** LSTM-LSTM, a method that the AutoMLP paper (Li et al., WWW 2023) compares against. */
export const lstmLstm = neuralMethod({
  name: "lstm-lstm",
  title: "LSTM-LSTM",
  paper: "Hochreiter and Schmidhuber, Neural Computation 1997",
  help: "long short-term memory over the whole history and over its newest items",
  shape,
  examples: ({ examples }) => examples,
  loss: "ce",
  training: RECURRENT_TRAINING,
  network: (_dataset, config) => networkOf(config),
});
