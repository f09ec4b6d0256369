/**
 * A network with weights, as a recommender.
 *
 * @module
 */
import { Shown } from "../../pipeline/display/shown.ts";
import type { Engine } from "../backend/types.ts";
import { numbersIn, type Tensor, type Tensor1D, type Tensor2D, type Tf } from "../backend/tensor.ts";
import type { ParameterSpec, Weights } from "../layers/parameters.ts";
import { checkHistories, type Histories } from "../recommender.ts";
import { timeMajor } from "./batch.ts";
import type { MethodConfig, Model, ModelParts } from "./method.ts";
import { newest, type TensorBatch } from "./network.ts";
import type { TensorValue } from "../ops/tape.ts";
import { TensorPass } from "./pass.ts";
import { readScores, readWeights } from "./read_model.ts";
import { type ItemVectors, readHistoryVectors, readItemVectors } from "./vectors.ts";
import { modelHtml, modelText } from "../views/model.ts";
import { addSeenBias } from "../seen_bias.ts";

/** What scores are computed from. */
export interface ScoredVectors {
  /** Vectors of the histories, [n, E]. */
  h: Tensor2D;
  /** Vectors of the items, [items + 1, E]; row 0 is the padding's. */
  vectors: Tensor2D;
  /** Values added to the items' products, [items + 1]. Left out: nothing is added. */
  biases?: Tensor1D;
}

/**
 * Computes what {@link Recommender.score} of a network returns.
 *
 * @param compute Called within `tf.tidy`, unless there are no histories.
 */
async function vectorScores(
  { engine: { tf, kernels }, items, seenBias = 0 }: { engine: Engine; items: number; seenBias?: number },
  histories: Histories,
  candidates: Uint32Array | undefined,
  compute: () => ScoredVectors,
): Promise<Float32Array> {
  checkHistories(histories, candidates, items);
  const n = histories.starts.length;
  if (n === 0) return new Float32Array(0);
  const scores = tf.tidy(() => {
    const { h, vectors, biases } = compute();
    if (!candidates) {
      const products = kernels.matMul(h, vectors, false, true);
      return biases ? kernels.biasAdd(products, biases, "last") : products;
    }
    const ids = tf.tensor1d(Int32Array.from(candidates), "int32");
    const rows = tf.reshape(kernels.gatherRows(vectors, ids), [n, candidates.length / n, h.shape[1]]);
    const products = tf.matMul(rows, tf.expandDims(h, 2));
    if (!biases) return products;
    return tf.add(products, tf.reshape(kernels.gatherRows(tf.expandDims(biases, 1), ids), products.shape));
  });
  const values = await readScores(scores, candidates ? undefined : items);
  return addSeenBias(values, seenBias, histories, candidates, items);
}

/** Frees what a model kept once nothing refers to the model any more. */
const forgotten = new FinalizationRegistry<Kept<Named>>((kept) => kept.forget());

/** Tensors by name; undefined if a network does not have one. */
type Named = { [name: string]: Tensor | undefined };

/** Tensors that are computed when first needed, and kept until the weights change or nothing refers to their model any more. */
export class Kept<T extends Named> {
  #now?: T;

  /** @param model The model that they belong to. */
  constructor(model: object) {
    forgotten.register(model, this);
  }

  /** Returns the kept tensors, or computes them first: within `tf.tidy`, which frees what is not kept. */
  of(tf: Tf, compute: () => T): T {
    if (this.#now) return this.#now;
    const made: Named = compute(), kept: Named = {};
    // Clones: a computed tensor may be one of the weights.
    for (const [name, tensor] of Object.entries(made)) kept[name] = tensor && tf.keep(tensor.clone());
    return this.#now = kept as T;
  }

  /** Frees the tensors. */
  forget(): void {
    for (const tensor of Object.values<Tensor | undefined>(this.#now ?? {})) tensor?.dispose();
    this.#now = undefined;
  }
}

/**
 * The vectors of all items that scores are made of, [items + 1, E], the values added to their scores, and the items' own vectors if these
 * may be others.
 */
type Encoded = { vectors: Tensor2D; biases?: Tensor1D; own?: Tensor2D };

/** Scores by the dot products of a network's vectors. It does not own the weights. Shows itself in a notebook and as text. */
export class NetworkModel extends Shown implements Model {
  readonly name: string;
  readonly config: MethodConfig;
  readonly items: number;
  readonly length: number;
  readonly specs: readonly ParameterSpec[];
  readonly parameters: number;
  keepSeen?: boolean;
  /** Vectors and biases of all items. */
  readonly #all = new Kept<Encoded>(this);

  constructor(readonly engine: Engine, readonly parts: ModelParts, readonly weights: Weights) {
    super();
    this.name = parts.name;
    this.config = parts.config;
    this.items = parts.items;
    this.length = parts.length;
    this.specs = parts.network.parameters;
    this.parameters = numbersIn(this.specs);
  }

  /** See {@link Recommender.score}. Of longer histories, the newest T items count. */
  score(histories: Histories, candidates?: Uint32Array): Promise<Float32Array> {
    const { engine, items, config: { seenBias } } = this;
    return vectorScores({ engine, items, seenBias }, histories, candidates, () => this.#scored(histories));
  }

  itemVectors(): Promise<ItemVectors> {
    return readItemVectors(this.engine, () => this.#encoded(new TensorPass(this.engine, this.weights)));
  }

  historyVectors(histories: Histories): Promise<Float32Array> {
    return readHistoryVectors(this, histories, () => this.#scored(histories).h);
  }

  /** The vectors that the scores are computed from. */
  #scored(histories: Histories): ScoredVectors {
    const { engine, parts } = this, pass = new TensorPass(engine, this.weights);
    const { own, vectors, biases } = this.#encoded(pass);
    const h = parts.network.encode(pass, batchOf(histories, parts), pass.ops.constant(own ?? vectors));
    return { h: this.#compared(pass, h as TensorValue<Tensor2D>), vectors, biases };
  }

  #compared(pass: TensorPass, vectors: TensorValue<Tensor2D>): Tensor2D {
    const { network } = this.parts;
    return (network.compared?.(pass, vectors) as TensorValue<Tensor2D> | undefined ?? vectors).tensor;
  }

  /** The vectors of all items, computed once. */
  #encoded(pass: TensorPass): Encoded {
    return this.#all.of(this.engine.tf, () => this.#encode(pass));
  }

  #encode(pass: TensorPass): Encoded {
    const { parts: { network }, items } = this, ids = allItems(items);
    const own = network.items(pass, ids) as TensorValue<Tensor2D>;
    const biases = network.biases?.(pass, ids) as TensorValue<Tensor1D> | undefined;
    const vectors = this.#compared(pass, own);
    return { vectors, biases: biases?.tensor, ...(network.compared && { own: own.tensor }) };
  }

  values(): Map<string, Float32Array> {
    return readWeights(this.specs, this.weights);
  }

  refresh(): void {
    this.#all.forget();
  }

  toString(): string {
    return modelText(this);
  }

  /** The model as an HTML fragment for a notebook. */
  toHtml(): string {
    return modelHtml(this);
  }

  /** What `JSON.stringify` writes: everything except the weights. */
  toJSON(): Pick<NetworkModel, "name" | "config" | "parameters" | "specs"> {
    const { name, config, parameters, specs } = this;
    return { name, config, parameters, specs };
  }
}

/** Ids 1 … n. */
export const allItems = (n: number): Uint32Array => Uint32Array.from({ length: n }, (_, i) => i + 1);

/** The newest items of each history, followed by the hidden item if the network fills one in. */
function batchOf(histories: Histories, { length, hidesNext, items }: ModelParts): TensorBatch {
  const size = histories.starts.length, at = newest(size, length);
  const users = Int32Array.from(histories.users?.subarray(0, size) ?? new Int32Array(size));
  if (!hidesNext) {
    const ids = timeMajor(histories, length);
    return { length, ids, rows: ids, at, users };
  }
  const known = timeMajor(histories, length - 1);
  const ids = new Int32Array(length * size).fill(items + 1), rows = new Int32Array(length * size);
  ids.set(known);
  rows.set(known); // a hidden item has no vector of its own
  return { length, ids, rows, at, users };
}
