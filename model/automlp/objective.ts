/**
 * The loss of a batch and its gradients, for any weights and any α: the basis of training, search and its second-order
 * step.
 *
 * @module
 */
import type { Sequences } from "../../pipeline/contract/dataset/users_part.ts";
import type { ShiftedItems } from "../backend/linear_cross_entropy.ts";
import type { Engine } from "../backend/types.ts";
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "../backend/tensor.ts";
import type { EncoderPass, ItemEncoder } from "../layers/embedding.ts";
import { type Dropout, NO_DROPOUT } from "../layers/dropout.ts";
import { Gradients, type Weights } from "../layers/parameters.ts";
import { similaritySpace } from "../layers/similarity.ts";
import { type Batch, Batcher, historiesBefore } from "../train/batch.ts";
import { SeenItems, shiftedBetween } from "../train/seen_items.ts";
import { type Loss, type LossInputs, meanLoss } from "../train/losses/loss.ts";
import { type LossName, lossOf } from "../train/losses/registry.ts";
import type { NegativeSampler } from "../train/negatives.ts";
import type { GroupedTargets } from "../train/target_groups.ts";
import type { Histories } from "../recommender.ts";
import type { NetworkConfig } from "./network_config.ts";
import type { BatchWindow } from "./batch_windows.ts";
import { drop, PLACES } from "./dropout.ts";
import { type Mixture, network, representations } from "./network.ts";
import type { NetworkPass } from "./network_pass.ts";
import type { PassInput } from "./shared_histories.ts";

/** Options for turning a batch into a loss. */
export interface ObjectiveOptions {
  loss: LossName;
  /** Number of negatives of each target, or of negatives that a batch shares. */
  negatives: number;
  /** Draws the negatives. */
  sampler: NegativeSampler;
  /** For `ce`: numbers added to the score of each item within the softmax, [items]; see `train/losses/cross_entropy.ts`. */
  adjustment?: Float32Array;
  /** For `bpr-max`: weight of the score regularization. Default: 1. */
  scoreRegularisation?: number;
}

/** A batch of training targets, ready for any number of passes. */
export interface Example {
  batch: Batch;
  /** [B] target item ids. */
  targets: Uint32Array;
  /** [B] the history of each target; if left out, each has its own. */
  historyOf?: Int32Array;
  /** Items whose scores are shifted in a softmax over all items; none if left out. */
  shifted?: ShiftedItems;
}

/** The result of a pass through the whole model. */
export interface ObjectiveResult {
  /**
   * Mean loss of each network of the pass, [networks]: one in all, or one for each separate candidate. The gradients are those of their
   * sum.
   */
  loss: Tensor;
  /** Gradients of every parameter that the pass used, except the item table. */
  gradients: Gradients;
  /** Items whose rows of the item table have a gradient, each once. */
  items: Uint32Array;
  /** Gradient of those rows, [items, D]. */
  dTable: Tensor2D;
  /** Gradient of softmax(α), [candidates], if candidates are mixed. */
  dMix?: Tensor;
  /** Gradient of the factor that all scores are multiplied by, if one was given. */
  dScale?: Tensor;
}

/** The part of the model behind one network's representation. */
interface Head {
  /** The histories in the space where they are compared with items. */
  histories: ReturnType<typeof similaritySpace>;
  loss: Loss;
}

/** Embedded items. */
interface Embedded {
  /** [positions, count, D] */
  positions(count: number): Tensor3D;
  /** Turns the gradient of the positions into that of the items' vectors. */
  backward(dx: Tensor3D): Tensor2D;
}

/** A forward pass through the whole model, with what the backward pass needs. */
interface Forward {
  /** The vectors of the batch's items. */
  encoded: EncoderPass;
  /** Histories and, if they are shared, the newest items before each target. */
  embedded: { histories: Embedded; recent?: Embedded };
  pass: NetworkPass;
  /** One for each h of the pass. */
  heads: Head[];
  /** The items' vectors in the space where they are compared with histories. */
  candidates: ReturnType<typeof similaritySpace>;
}

/** Computes the gradient of the factor that all scores are multiplied by. */
const scaleGradient = ({ tf }: Engine, { histories, loss }: Head): Tensor =>
  tf.sum(tf.mul(loss.dh, histories.y));

/** Computes the losses of a model and their gradients. */
export class Objective {
  readonly #batcher: Batcher;
  readonly #seen: SeenItems;
  readonly #allItems: Uint32Array;

  constructor(
    readonly engine: Engine,
    readonly config: NetworkConfig,
    readonly encoder: ItemEncoder,
    readonly options: ObjectiveOptions,
  ) {
    this.#batcher = new Batcher(config.items, config.length);
    this.#seen = new SeenItems(config.items, config.seenBias ?? 0);
    this.#allItems = Uint32Array.from({ length: config.items }, (_, i) => i + 1);
  }

  /**
   * Makes a batch of some targets, each with its own history.
   *
   * @param rows [B] rows of the sequences, each with a history before it.
   * @param draw Number of the batch: each batch has fresh negatives, a pure function of the sampler's seed and this number.
   * @param sequences The sequences of a part of the dataset, or all of them.
   */
  example(rows: Uint32Array, draw: number, sequences: Sequences): Example {
    const histories = historiesBefore(sequences, rows);
    const candidates = this.#candidates(sequences, rows, histories, draw);
    return { ...this.#asked(candidates[0], histories), batch: this.#batcher.batch(histories, candidates) };
  }

  /**
   * Makes a batch of targets in groups; the targets of a group share the history before its first one. Otherwise like
   * {@link Objective.example}.
   */
  sharingExample({ rows, firsts, groupOf }: GroupedTargets, draw: number, sequences: Sequences): Example {
    const own = historiesBefore(sequences, rows);
    const candidates = this.#candidates(sequences, rows, own, draw);
    const recent = { histories: own, length: this.config.lengths.at(-1)! };
    const batch = this.#batcher.batch(historiesBefore(sequences, firsts), candidates, recent);
    return { ...this.#asked(candidates[0], own), batch, historyOf: groupOf };
  }

  /** Returns the targets and, for a loss over all items, what their users had before them. */
  #asked(targets: Uint32Array, { items, starts, ends }: Histories): Pick<Example, "targets" | "shifted"> {
    if (!this.#whole) return { targets };
    return { targets, shifted: this.#seen.before(items, { from: starts, to: ends }) };
  }

  /** Returns what the loss compares: the targets, and the negatives drawn for them. */
  #candidates(
    sequences: Sequences,
    rows: Uint32Array,
    { users }: Histories,
    draw: number,
  ): [targets: Uint32Array, negatives: Uint32Array] {
    const { loss, negatives, sampler } = this.options;
    const targets = Uint32Array.from(rows, (row) => sequences.items[row]);
    const asked = { users: users!, targets, sequences };
    return [targets, sampler.draw(lossOf(loss).negatives, asked, negatives, draw)];
  }

  /**
   * Runs one forward and backward pass. Must be called in `tf.tidy`, which frees everything that it returns. Intermediate tensors are freed
   * when the pass ends.
   *
   * @param scale Factor of all scores.
   */
  evaluate(
    weights: Weights,
    choice: Mixture,
    example: Example,
    dropout: Dropout,
    scale?: number,
  ): ObjectiveResult {
    const { engine: { tf, kernels } } = this, gradients = new Gradients(kernels);
    const { result } = tf.tidy(() => {
      const forward = this.#forward(weights, choice, example, dropout, scale);
      const result = this.#backward(forward, gradients, scale);
      // Of the returned value, tidy keeps only the tensors that it finds in plain objects.
      return { result, kept: Object.fromEntries(gradients.byName) };
    });
    return { ...result, gradients, items: this.#itemsOf(example.batch) };
  }

  #backward({ encoded, embedded, pass, heads, candidates }: Forward, gradients: Gradients, scale?: number) {
    const { engine } = this, { tf, kernels } = engine;
    const dh = heads.map(({ histories, loss }) => histories.backward(this.#scaled(loss.dh, scale)));
    const { dx, dRecent, dMix } = pass.backward(dh, gradients);
    const dVectors = kernels.sum([
      ...(dx ? [embedded.histories.backward(dx)] : []),
      ...(dRecent ? [embedded.recent!.backward(dRecent)] : []),
      candidates.backward(kernels.sum(heads.map(({ loss }) => loss.dVectors))),
    ]);
    return {
      loss: tf.stack(heads.map(({ loss }) => loss.value)),
      dTable: encoded.backward(dVectors, gradients),
      dMix,
      dScale: scale === undefined ? undefined : scaleGradient(engine, heads[0]),
    };
  }

  /**
   * Computes the loss and only the gradients of softmax(α), [candidates], and of `scale`. Must be called in `tf.tidy`. Nothing is
   * propagated back through the modules, which would be most of the work of a whole pass.
   *
   * @param scale Factor of all scores.
   */
  mixGradient(
    weights: Weights,
    alpha: ArrayLike<number>,
    example: Example,
    dropout: Dropout,
    scale = 1,
  ): { loss: Tensor; dMix: Tensor; dScale: Tensor } {
    const { pass, heads: [head] } = this.#forward(weights, alpha, example, dropout, scale);
    const { histories, loss } = head;
    return {
      loss: loss.value,
      dMix: pass.mixGradient!(histories.backward(this.#scaled(loss.dh, scale))),
      dScale: scaleGradient(this.engine, head),
    };
  }

  /** Whether the loss compares against all items. */
  get #whole(): boolean {
    return lossOf(this.options.loss).negatives === "none";
  }

  /** Returns the items whose vectors a pass over a batch needs. */
  #itemsOf(batch: Batch): Uint32Array {
    return this.#whole ? this.#allItems : batch.items;
  }

  /** Embeds items of a batch, with dropout. */
  #embed(vectors: Tensor2D, batch: Batch, places: Int32Array, dropout: Dropout, dropPlace: number): Embedded {
    const { engine, config: { dim } } = this, { tf, kernels } = engine;
    // If all items are encoded, an item's row is its id; otherwise it is its place in the batch.
    const rows = this.#whole ? places.map((place) => place > 0 ? batch.items[place - 1] : 0) : places;
    const ids = tf.tensor1d(rows, "int32") as Tensor1D;
    const dropped = (x: Tensor2D) => drop(engine, x, dropout, dropPlace);
    const x = dropped(kernels.gatherRows(vectors, ids) as Tensor2D), n = places.length;
    return {
      positions: (count) => tf.reshape(x, [n / count, count, dim]) as Tensor3D,
      backward: (dx) =>
        kernels.segmentSum(dropped(tf.reshape(dx, [n, dim]) as Tensor2D), ids, vectors.shape[0]),
    };
  }

  /**
   * Computes the losses of single candidates, [places], without dropout. There is no backward pass: only a forward pass through their
   * modules and one loss for each candidate.
   *
   * @param places Places of the candidates in the configuration.
   * @param normalized See {@link representations}.
   */
  losses(
    weights: Weights,
    { batch, targets, shifted }: Example,
    places: readonly number[] = this.config.lengths.map((_, place) => place),
    normalized = false,
  ): Float64Array {
    const { engine, config, encoder } = this, { tf } = engine;
    const found = tf.tidy(() => {
      const encoded = encoder.encode(weights, this.#itemsOf(batch));
      const histories = this.#embed(encoded.vectors, batch, batch.history, NO_DROPOUT, PLACES.embedded);
      const sequences = histories.positions(batch.size);
      const candidates = this.#space(encoded.vectors).y;
      const asked = this.#lossInputs({ batch, targets, shifted });
      const values = representations(engine, weights, config, sequences, places, normalized).map((h) =>
        meanLoss(lossOf(this.options.loss), engine, this.#space(h).y, candidates, asked)
      );
      return tf.stack(values).dataSync() as Float32Array;
    });
    return Float64Array.from(found);
  }

  #space(vectors: Tensor2D) {
    const { score, temperature } = this.config;
    return similaritySpace(this.engine, score, temperature, vectors);
  }

  #forward(
    weights: Weights,
    choice: Mixture,
    example: Example,
    dropout: Dropout,
    scale?: number,
  ): Forward {
    const { engine, config, encoder } = this, { tf } = engine, { batch, targets, historyOf } = example;
    const encoded = encoder.encode(weights, this.#itemsOf(batch));
    const embed = (places: Int32Array, place: number) =>
      this.#embed(encoded.vectors, batch, places, dropout, place);
    const histories = embed(batch.history, PLACES.embedded);
    const recent = batch.recent && embed(batch.recent, PLACES.recent);
    const input: PassInput = {
      x: histories.positions(batch.size),
      ...(recent && {
        shared: {
          recent: recent.positions(targets.length),
          historyOf: tf.tensor1d(historyOf!, "int32") as Tensor1D,
        },
      }),
    };
    const pass = network(engine, weights, config, choice, input, dropout);
    const candidates = this.#space(encoded.vectors);
    const windows = "candidates" in choice ? choice.windows : undefined;
    const definition = lossOf(this.options.loss);
    const heads = pass.h.map((h, i): Head => {
      const histories = this.#space(h), asked = this.#lossInputs(example, windows?.[i]);
      return {
        histories,
        loss: definition.value(engine, this.#scaled(histories.y, scale), candidates.y, asked),
      };
    });
    return { encoded, embedded: { histories, recent }, pass, heads, candidates };
  }

  #scaled(x: Tensor2D, scale = 1): Tensor2D {
    return scale === 1 ? x : this.engine.tf.mul(x, scale) as Tensor2D;
  }

  /** @param window The targets of the batch to use. Default: all. */
  #lossInputs(
    { batch, targets, shifted }: Example,
    [from, to]: BatchWindow = [0, targets.length],
  ): LossInputs {
    const { sampler, adjustment, loss, scoreRegularisation = 1 } = this.options;
    const [places, negatives] = batch.candidates, own = negatives.length / targets.length;
    return {
      targets: this.#whole ? Int32Array.from(targets.subarray(from, to)) : places.subarray(from, to),
      negatives: lossOf(loss).negatives === "each target"
        ? negatives.subarray(from * own, to * own)
        : negatives,
      logChance: (row) => sampler.logChance(batch.items[row - 1]),
      adjustment,
      shifted: shifted && shiftedBetween(shifted, from, to),
      scoreRegularisation,
    };
  }
}
