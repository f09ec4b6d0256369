/**
 * The cost of using a network.
 *
 * @module
 */
import { interestLayers } from "./interest.ts";
import type { NetworkConfig } from "./network_config.ts";
import type { SrsmlpShape } from "../layers/srsmlp.ts";

/**
 * Counts the multiplications that compute one history's scores of all items, given the item vectors: those of both modules, the output
 * layer and the scores. With several candidate lengths, the longest counts.
 */
export function multiplications(config: NetworkConfig): number {
  const { length, layers, longLayers, candidates, dim, items } = config;
  const long = longLayers > 0 ? interestLayers("long", length, longLayers, config) : [];
  const short = interestLayers("short", candidates.at(-1)!, layers, config);
  const mixing = [...long, ...short].reduce((sum, layer) => sum + ofLayer(layer), 0);
  return mixing + (long.length > 0 ? 2 : 1) * dim * dim + items * dim;
}

/** Counts those of a layer: the sequence mixer for each channel, then the channel mixer for each output position. */
function ofLayer({ length, dim, sequenceHidden, channelHidden, lastOnly }: SrsmlpShape): number {
  const outputs = lastOnly ? 1 : length;
  return dim * sequenceHidden * (length + outputs) + 2 * outputs * dim * channelHidden;
}
