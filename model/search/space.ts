/**
 * The candidates of a search as networks: those of one description differ in their short-term length alone, and share all but their
 * short-term modules; those of several descriptions share what has the same name and shape.
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

/** Sizes to compare, each with its values: `{ layers: [1, 2], dim: [32, 64] }`. Each goes with each. `over` of {@link SearchOptions}. */
export interface SearchedSizes {
  /** Layers in a short-term module, L. */
  layers?: readonly number[];
  /** Layers in the long-term module; 0 leaves it out. */
  longLayers?: readonly number[];
  /** Size of the embeddings, D. */
  dim?: readonly number[];
  /** Hidden size of the sequence mixers. */
  sequenceHidden?: readonly number[];
  /** Hidden size of the channel mixers. Left out: the network's; each candidate's own D where that is the network's D. */
  channelHidden?: readonly number[];
}
true satisfies Same<SearchedSizes, Partial<Record<SearchedSize, readonly number[]>>>;

/** Where a candidate is. */
export interface CandidatePlace {
  /** Which of the space's networks. */
  network: number;
  /** Which of that network's lengths. */
  candidate: number;
}

/** Networks to choose from. */
export class SearchSpace {
  /** Each with the same candidate lengths. */
  readonly networks: readonly NetworkConfig[];
  /** [candidates] The cheapest to use first: where they differ in length alone, the shortest. */
  readonly places: readonly CandidatePlace[];
  /** [candidates] Short-term lengths. */
  readonly candidates: number[];
  /** [candidates] Undefined where they differ in length alone. */
  readonly sizes?: CandidateSizes[];
  /** Of all networks together: what has the same name and shape is there once. */
  readonly specs: readonly ParameterSpec[];
  /** By network: the name of each of its parameters among `specs`. */
  readonly #names: Map<string, string>[];

  /**
   * @param config The network; its candidates are the lengths.
   * @param over Sizes that are compared beside the length; none by default.
   * @throws {InputError} if a size has no values, one twice, or one that does not fit.
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

  /** One candidate's own network, as it is trained once it is selected. */
  networkOf(place: number): NetworkConfig {
    return { ...this.networks[this.places[place].network], candidates: [this.candidates[place]] };
  }

  /** Which network some candidates are of, and their places among its lengths. */
  within(places: readonly number[]): { network: number; candidates: number[] } {
    const { network } = this.places[places[0]];
    return { network, candidates: places.map((place) => this.places[place].candidate) };
  }

  /** The weights that one of the networks has among those of all. */
  weights(all: Weights, network: number): Weights {
    const names = this.#names[network];
    return this.networks.length === 1 ? all : (name) => all(names.get(name)!);
  }

  /** The name that a parameter of one of the networks has among those of all. */
  nameOf(network: number, parameter: string): string {
    return this.#names[network].get(parameter)!;
  }

  /** The gradients of one of the networks, by the names that its parameters have among those of all. */
  gradients(own: Gradients, network: number): Gradients {
    if (this.networks.length === 1) return own;
    const all = new Gradients(own.kernels);
    for (const [name, gradient] of own.byName) all.byName.set(this.nameOf(network, name), gradient);
    return all;
  }

  /** What of a state of all networks is one network's, by its own names. */
  stateOf({ step, tensors }: OptimizerState, network: number): OptimizerState {
    const own = [...this.#names[network]].map(([name, among]) => [name, tensors.get(among)!] as const);
    return { step, tensors: new Map(own) };
  }
}

/** Each value of each size with each of the others; one choice of nothing where there are no sizes. */
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

/** Parameters of several networks together; and by network, what each of its parameters is called among them. */
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
