/**
 * The AutoMLP network: a long-term module over the whole history, a short-term module over its newest k items, and an output layer.
 *
 * Source: AutoMLP (WWW 2023): h_T = W^o LayerNorm([x^s_T, x^l_T]) + b^o, W^o [D, 2D].
 *
 * W^o initially averages both modules' outputs, [I I] / 2; the paper does not say how it is initialised. The outputs are the newest item's
 * vector plus what the modules add to it, and items are scored by the same vectors: from the first step on, items that follow each other
 * become similar. With random initial weights, the map between the two would have to be learnt first, which on sparse data costs 8 % of
 * NDCG@10 (`docs/levers.md`).
 *
 * @module
 */
import type { ItemFeature } from "../../../pipeline/contract/dataset/item_features.ts";
import type { Tensor2D, Tensor3D } from "../../backend/tensor.ts";
import { type ItemVectors, itemVectors } from "../../layers/item_vectors.ts";
import { bias, type Layer, meanOfParts, parametersOf, type ParameterSpec } from "../../layers/parameters.ts";
import type { Pass } from "../../layers/pass.ts";
import { srsmlp, type SrsmlpShape } from "../../layers/srsmlp.ts";
import { type Ids, MIXER_EPSILON, type Value } from "../../ops/ops.ts";
import type { Batch, Network } from "../../train/network.ts";
import type { NetworkConfig } from "./config.ts";

/** The places in the network where a pass applies dropout: candidates side by side share the masks of their joint representations. */
const PLACES = { embedded: 0, joint: 1, recent: 2 };

/** An interest module: SRSMLP layers over the newest positions of a sequence. */
interface Interest extends Layer {
  /** Number of newest positions that it takes. */
  readonly length: number;
  /**
   * Computes the newest position's output, [B, D].
   *
   * @param x The whole sequences, [T, B, D].
   */
  apply(pass: Pass, x: Value<Tensor3D>): Value<Tensor2D>;
}

/** Returns the shapes of a module's layers. The last one computes only the newest position. */
export const interestLayers = (
  name: string,
  length: number,
  layers: number,
  { dim, sequenceHidden, channelHidden }: NetworkConfig,
): SrsmlpShape[] =>
  Array.from({ length: layers }, (_, l) => ({
    ...{ name: `${name}.${l}`, length, dim, sequenceHidden, channelHidden, lastOnly: l === layers - 1 },
  }));

function interest(name: string, length: number, layers: number, config: NetworkConfig): Interest {
  const all = interestLayers(name, length, layers, config).map(srsmlp);
  return {
    length,
    parameters: parametersOf(...all),
    apply: (pass, x) => pass.ops.reshape(all.reduce((y, layer) => layer.apply(pass, y), x), [-1, config.dim]),
  };
}

/** The embedded histories of a batch. */
export interface Embedded {
  /** Whole histories, [T, H, D]; position T − 1 is the newest. */
  whole: Value<Tensor3D>;
  /** What came before each target, for the short-term modules: the newest positions, or `whole`. [K or T, B, D] */
  newest: Value<Tensor3D>;
}

/** AutoMLP's network. Its short-term modules run side by side while their length is searched; later there is one. */
export class AutomlpNetwork implements Network {
  readonly parameters: readonly ParameterSpec[];
  /** One for each length, ascending. */
  readonly short: readonly Interest[];
  readonly #long?: Interest;
  readonly #items: ItemVectors;
  readonly #output: ReturnType<typeof outputWeights>;

  /** @param features The item features that the configuration names, with their values. */
  constructor(readonly config: NetworkConfig, features: readonly Feature[]) {
    const { dim, items, length, layers, longLayers, lengths, fusion } = config;
    this.#items = itemVectors({ items, dim, features: features as readonly ItemFeature[], fusion });
    if (longLayers > 0) this.#long = interest("long", length, longLayers, config);
    this.short = lengths.map((k) => interest(`short.${k}`, k, layers, config));
    this.#output = outputWeights(dim, longLayers > 0);
    this.parameters = [
      ...parametersOf(this.#items, ...(this.#long ? [this.#long] : [])),
      ...this.short.flatMap(({ length, parameters }) =>
        parameters.map((spec) => ({ ...spec, group: `short.${length}` }))
      ),
      ...Object.values(this.#output),
    ];
  }

  /** The items' own vectors with those of their features. */
  items(pass: Pass, ids: Ids): Value<Tensor2D> {
    return this.#items.of(pass, ids);
  }

  /** For cosine scores: vectors of the length 1 / √temperature. */
  compared(pass: Pass, vectors: Value<Tensor2D>): Value<Tensor2D> {
    const { score, temperature } = this.config;
    return score === "dot" ? vectors : pass.ops.toLength(vectors, 1 / Math.sqrt(temperature));
  }

  encode(pass: Pass, batch: Batch, items: Value<Tensor2D>): Value<Tensor2D> {
    const { whole, newest } = this.embed(pass, batch, items), long = this.longTerm(pass, batch, whole);
    return this.joint(pass, this.short[0].apply(pass, newest), long);
  }

  /** Embeds the histories of a batch. */
  embed(pass: Pass, { length, rows, recent }: Batch, items: Value<Tensor2D>): Embedded {
    const sequences = (rows: Ids, length: number, place: number) =>
      pass.ops.sequences(pass.dropout(pass.ops.gather(items, rows), place), length);
    const whole = sequences(rows, length, PLACES.embedded);
    return { whole, newest: recent ? sequences(recent.rows, recent.length, PLACES.recent) : whole };
  }

  /** The output of the long-term module for each target, [B, D], if there is one. @param whole [T, H, D] */
  longTerm(pass: Pass, { recent }: Batch, whole: Value<Tensor3D>): Value<Tensor2D> | undefined {
    const y = this.#long?.apply(pass, whole);
    return y && recent ? pass.ops.gather(y, recent.historyOf) : y;
  }

  /** The output layer: turns both modules' outputs, [B, D] each, into h. */
  joint(pass: Pass, short: Value<Tensor2D>, long?: Value<Tensor2D>): Value<Tensor2D> {
    const { ops } = pass, both = long ? ops.concat([short, long]) : short;
    return ops.dense(
      pass.dropout(ops.normalize(both, MIXER_EPSILON), PLACES.joint),
      pass.weights(this.#output),
    );
  }
}

/** A feature as far as the shapes of the parameters depend on it. */
type Feature = Pick<ItemFeature, "name" | "kind" | "values">;

const outputWeights = (dim: number, hasLong: boolean) => ({
  w: meanOfParts("output.wo", dim, hasLong ? 2 : 1),
  b: bias("output.bo", dim),
});

/** Returns all parameters of a network: those of the items' vectors, then those of the modules. */
export const modelParameters = (config: NetworkConfig): readonly ParameterSpec[] =>
  new AutomlpNetwork(config, config.features).parameters;
