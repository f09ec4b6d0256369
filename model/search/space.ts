/**
 * The candidates of a search as networks: those of one network configuration differ only in their short-term length
 * and share all but their short-term modules; those of several configurations share what has the same name and shape.
 *
 * @module
 */
import type { Same } from "../../pipeline/contract/options/describes.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { firstRepeated } from "../../pipeline/contract/options/first_repeated.ts";
import { adaptable, resolveNetwork } from "../automlp/config.ts";
import { multiplications } from "../automlp/cost.ts";
import { modelParameters } from "../automlp/network.ts";
import type { NetworkConfig } from "../automlp/network_config.ts";
import { Gradients, type ParameterSpec, type Weights } from "../layers/parameters.ts";
import { type CandidateSizes, SEARCHED_SIZES, type SearchedSize } from "../records/searched_sizes.ts";
import type { OptimizerState } from "../train/optimizer.ts";

/**
 * Sizes to compare, each with its values, in all combinations: `{ layers: [1, 2], dim: [32, 64] }`. The type of
 * `over` in {@link SearchOptions}.
 */
export interface SearchedSizes {
  /** Number of layers in a short-term module, L. */
  layers?: readonly number[];
  /** Number of layers in the long-term module; 0 leaves it out. */
  longLayers?: readonly number[];
  /** Size of the embeddings, D. */
  dim?: readonly number[];
  /** Hidden size of the sequence mixers. */
  sequenceHidden?: readonly number[];
  /** Hidden size of the channel mixers. Default: the network's; each candidate's own D if the network's is equal to its D. */
  channelHidden?: readonly number[];
}
true satisfies Same<SearchedSizes, Partial<Record<SearchedSize, readonly number[]>>>;

/** The place of a candidate in a search space. */
export interface CandidatePlace {
  /** Index of the network in the space. */
  network: number;
  /** Index of the length in that network. */
  candidate: number;
}

/** Networks to choose from. */
export class SearchSpace {
  /** The networks, each with the same candidate lengths. */
  readonly networks: readonly NetworkConfig[];
  /** The candidates, cheapest first: if they differ only in length, the shortest first, [candidates]. */
  readonly places: readonly CandidatePlace[];
  /** Short-term lengths, [candidates]. */
  readonly candidates: number[];
  /** Sizes of the candidates, [candidates]; undefined if they differ only in length. */
  readonly sizes?: CandidateSizes[];
  /** Parameters of all networks together: those with the same name and shape occur once. */
  readonly specs: readonly ParameterSpec[];
  /** For each network, the names of its parameters among `specs`. */
  readonly #names: Map<string, string>[];

  /**
   * @param config The network; its candidates are the lengths.
   * @param over Sizes that are compared besides the length. Default: none.
   * @throws {InputError} if a size has no values, a repeated one, or one that does not fit.
   */
  constructor(config: NetworkConfig, over: SearchedSizes = {}) {
    const choices = choicesOf(over);
    this.networks = choices.length > 1 || Object.keys(choices[0]).length > 0
      ? choices.map((sizes) => resolveNetwork({ ...adaptable(config), ...sizes }))
      : [config];
    const places = this.networks.flatMap((network, place) =>
      network.candidates.map((length, candidate) => ({
        place: { network: place, candidate },
        cost: multiplications({ ...network, candidates: [length] }),
      }))
    ).sort((a, b) => a.cost - b.cost);
    this.places = places.map(({ place }) => place);
    this.candidates = this.places.map(({ candidate }) => config.candidates[candidate]);
    if (Object.keys(over).length > 0) this.sizes = this.places.map(({ network }) => choices[network]);
    [this.specs, this.#names] = shared(this.networks.map((network) => modelParameters(network)));
  }

  /** One candidate's own network, in the form it is trained after the selection. */
  networkOf(place: number): NetworkConfig {
    return { ...this.networks[this.places[place].network], candidates: [this.candidates[place]] };
  }

  /** The network that some candidates belong to, and their indices among its lengths. */
  within(places: readonly number[]): { network: number; candidates: number[] } {
    const { network } = this.places[places[0]];
    return { network, candidates: places.map((place) => this.places[place].candidate) };
  }

  /** The weights of one network, taken from those of all. */
  weights(all: Weights, network: number): Weights {
    const names = this.#names[network];
    return this.networks.length === 1 ? all : (name) => all(names.get(name)!);
  }

  /** The name that a network's parameter has among those of all. */
  nameOf(network: number, parameter: string): string {
    return this.#names[network].get(parameter)!;
  }

  /** The gradients of one network, under the names that its parameters have among those of all. */
  gradients(own: Gradients, network: number): Gradients {
    if (this.networks.length === 1) return own;
    const all = new Gradients(own.kernels);
    for (const [name, gradient] of own.byName) all.byName.set(this.nameOf(network, name), gradient);
    return all;
  }

  /** The part of a common state that belongs to one network, under its own names. */
  stateOf({ step, tensors }: OptimizerState, network: number): OptimizerState {
    const own = [...this.#names[network]].map(([name, among]) => [name, tensors.get(among)!] as const);
    return { step, tensors: new Map(own) };
  }
}

/** All combinations of the sizes; one empty choice if there are no sizes. */
function choicesOf(over: SearchedSizes): CandidateSizes[] {
  const unknown = Object.keys(over).find((size) => !(SEARCHED_SIZES as readonly string[]).includes(size));
  if (unknown !== undefined) {
    throw new InputError(
      `Cannot search over "${unknown}": beside the length there are ${SEARCHED_SIZES.join(", ")}`,
    );
  }
  return SEARCHED_SIZES.reduce<CandidateSizes[]>((choices, size) => {
    const values = over[size];
    if (values === undefined) return choices;
    if (values.length === 0) throw new InputError(`Cannot search over ${size}: it has no values`);
    const twice = firstRepeated(values);
    if (twice !== undefined) {
      throw new InputError(`Cannot search over ${size}: it has the value ${twice} twice`);
    }
    return choices.flatMap((choice) => values.map((value) => ({ ...choice, [size]: value })));
  }, [{}]);
}

/** Parameters of several networks together, and for each network the names of its parameters among them. */
function shared(networks: readonly ParameterSpec[][]): [ParameterSpec[], Map<string, string>[]] {
  const shapes = new Map<string, Set<string>>(), shapeOf = ({ shape }: ParameterSpec) => shape.join("x");
  for (const spec of networks.flat()) {
    shapes.getOrInsertComputed(spec.name, () => new Set()).add(shapeOf(spec));
  }
  const nameOf = (spec: ParameterSpec) =>
    shapes.get(spec.name)!.size > 1 ? `${spec.name}@${shapeOf(spec)}` : spec.name;
  const all = new Map(networks.flat().map((spec) => [nameOf(spec), { ...spec, name: nameOf(spec) }]));
  const names = networks.map((specs) => new Map(specs.map((spec) => [spec.name, nameOf(spec)])));
  return [[...all.values()], names];
}
