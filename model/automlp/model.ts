/**
 * AutoMLP as a recommender: scores items as continuations of histories.
 *
 * @module
 */
import { checkCall } from "../../pipeline/contract/options/arguments.ts";
import { Shown } from "../../pipeline/display/shown.ts";
import { ENGINE, type Engine } from "../backend/types.ts";
import { numbersIn, type Tensor2D, type Tensor3D } from "../backend/tensor.ts";
import type { ItemEncoder } from "../layers/embedding.ts";
import type { ParameterSpec, Weights } from "../layers/parameters.ts";
import { similaritySpace } from "../layers/similarity.ts";
import type { Histories, Recommender } from "../recommender.ts";
import { timeMajor } from "../train/batch.ts";
import { Kept } from "../train/kept.ts";
import { allItems } from "../train/model.ts";
import { readWeights } from "../train/read_model.ts";
import { type ScoredVectors, vectorScores } from "../train/vector_scores.ts";
import { type ItemVectors, readHistoryVectors, readItemVectors } from "../train/vectors.ts";
import { NETWORK, type NetworkConfig } from "./network_config.ts";
import { ALONE, modelParameters, network } from "./network.ts";
import { modelHtml, modelText } from "./show.ts";

/** The vectors of all items, [items + 1, D], with zeros for the padding: their own, and those in the space of the similarity. */
type Encoded = { own: Tensor2D; compared: Tensor2D };

/**
 * A network with weights. It does not own them: whoever created them must free them. It displays itself in a notebook and as text.
 *
 * @example
 * ```ts
 * import { networkFor, openEngine, prepare, Training } from "automlp";
 *
 * const { dataset } = await prepare({ dataset: "demo", out: await Deno.makeTempDir() });
 * const config = networkFor(dataset, { lengths: [3], length: 10, dim: 8, layers: 1 });
 * const training = new Training(await openEngine(), dataset, config, { epochs: 1 });
 * const model = await training.run(); // an AutomlpModel
 * console.log(model, model.parameters);
 * training.dispose(); // and with it the model's weights
 * ```
 */
export class AutomlpModel extends Shown implements Recommender {
  readonly parameters: number;
  /** See {@link Recommender.keepSeen}. */
  keepSeen?: boolean;
  /** All weights, those of the embedding layer first. */
  readonly specs: readonly ParameterSpec[];
  /** The encoded vectors of all items. */
  readonly #all = new Kept<Encoded>(this);

  /**
   * A network with weights, as `loadModel` and trainings make it.
   *
   * @param engine The engine that holds the tensors.
   * @param config The network's sizes and choices.
   * @param name The name in tables and comparisons.
   */
  constructor(
    readonly engine: Engine,
    readonly config: NetworkConfig,
    /** @internal */
    readonly encoder: ItemEncoder,
    /** @internal */
    readonly weights: Weights,
    readonly name: string = "AutoMLP",
  ) {
    super();
    checkCall("new AutomlpModel(engine, network, encoder, weights)", [engine, ENGINE], [
      config,
      NETWORK,
    ]);
    this.specs = modelParameters(config);
    this.parameters = numbersIn(this.specs);
  }

  get items(): number {
    return this.config.items;
  }

  get length(): number {
    return this.config.length;
  }

  /** See {@link Recommender.score}. Of histories longer than T, only the newest T items count. */
  score(histories: Histories, candidates?: Uint32Array): Promise<Float32Array> {
    const { engine, items, config: { seenBias } } = this;
    return vectorScores({ engine, items, seenBias }, histories, candidates, () => this.#scored(histories));
  }

  /** See {@link Model.itemVectors}. With cosine scores they are normalised and divided by the square root of the temperature. */
  itemVectors(): Promise<ItemVectors> {
    return readItemVectors(this.engine, () => ({ vectors: this.#encoded().compared }));
  }

  /** See {@link Model.historyVectors}. */
  historyVectors(histories: Histories): Promise<Float32Array> {
    return readHistoryVectors(this, histories, () => this.#scored(histories).h);
  }

  /** Computes the vectors that the scores are made of. */
  #scored(histories: Histories): ScoredVectors {
    const { engine, config: { dim, length } } = this, { tf, kernels } = engine;
    const { own, compared } = this.#encoded();
    const ids = tf.tensor1d(timeMajor(histories, length), "int32");
    const x = tf.reshape(kernels.gatherRows(own, ids), [length, histories.starts.length, dim]) as Tensor3D;
    const [representation] = network(engine, this.weights, this.config, ALONE, { x }).h;
    return { h: this.#space(representation), vectors: compared };
  }

  /** Returns the encoded items, which are computed once. */
  #encoded(): Encoded {
    return this.#all.of(this.engine.tf, () => this.#encode());
  }

  #encode(): Encoded {
    const { vectors } = this.encoder.encode(this.weights, allItems(this.items));
    return { own: vectors, compared: this.#space(vectors) };
  }

  #space(x: Tensor2D): Tensor2D {
    const { score, temperature } = this.config;
    return similaritySpace(this.engine, score, temperature, x).y;
  }

  /** Returns a copy of the weights: name → values. */
  values(): Map<string, Float32Array> {
    return readWeights(this.specs, this.weights);
  }

  /** Returns the model as text, for a terminal. */
  toString(): string {
    return modelText(this);
  }

  /** Returns the model as an HTML fragment, for a notebook. */
  toHtml(): string {
    return modelHtml(this);
  }

  /** Returns what `JSON.stringify` writes: everything but the weights. */
  toJSON(): Pick<AutomlpModel, "name" | "config" | "parameters" | "specs"> {
    const { name, config, parameters, specs } = this;
    return { name, config, parameters, specs };
  }

  /** Discards what was computed from the weights; must be called when they have changed, and at the end. */
  refresh(): void {
    this.#all.forget();
  }
}
