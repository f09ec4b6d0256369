/**
 * Steps of gradient descent on the weights of a network: what search and retraining have in common.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { RunError } from "../../pipeline/contract/errors.ts";
import { assemble, type Assembled, type TrainingSettings } from "../automlp/build.ts";
import type { NetworkConfig } from "../automlp/config.ts";
import { AutoMLP } from "../automlp/model.ts";
import type { Choice, Dropout } from "../automlp/network.ts";
import type { Engine } from "../backend/types.ts";
import { DropoutDraw } from "./dropout.ts";
import { Cursor } from "./order.ts";

/** A network under training. */
export class Learner {
  readonly parts: Assembled;
  /** Where it stands in the training targets. */
  readonly cursor: Cursor;
  readonly #dropout: DropoutDraw;

  /**
   * @param rows Training targets, rows of the dataset's interactions.
   * @param purpose Tells searching from retraining: their random numbers differ.
   */
  constructor(
    readonly engine: Engine,
    readonly dataset: SequenceDataset,
    readonly config: NetworkConfig,
    readonly settings: TrainingSettings,
    rows: Uint32Array,
    purpose: string,
  ) {
    this.parts = assemble(engine, dataset, config, settings);
    this.cursor = new Cursor(rows, settings.batchSize, purpose, settings.seed);
    this.#dropout = new DropoutDraw(config.dropout, settings.seed, purpose);
  }

  /** What the next step leaves out. */
  get dropout(): Dropout {
    return this.#dropout.at(this.cursor.total);
  }

  /**
   * One step of Adam on the next batch.
   *
   * @param choice α, or the candidate that alone learns.
   * @returns The batch's mean loss before the step.
   * @throws {RunError} where the loss is no number any more.
   */
  step(choice: Choice): number {
    const { engine: { tf }, parts: { objective, optimizer }, dropout } = this;
    const number = this.cursor.total;
    const example = objective.example(this.cursor.next(), number);
    const loss = tf.tidy(() => {
      const result = objective.evaluate(optimizer.weights, choice, example, dropout);
      optimizer.apply(result.gradients, result.items, result.dTable);
      return result.loss.dataSync()[0];
    });
    if (!Number.isFinite(loss)) {
      throw new RunError(
        `Training went astray: the loss is ${loss} in epoch ${
          this.cursor.epoch + 1
        }; lower --rate, or raise --batch-size`,
      );
    }
    return loss;
  }

  /** The network with its current weights. The caller refreshes it when they have changed. */
  recommender(alpha: ArrayLike<number>, name?: string): AutoMLP {
    const { optimizer, encoder } = this.parts;
    return new AutoMLP(this.engine, this.config, encoder, optimizer.weights, alpha, name);
  }

  /** Frees all tensors. */
  dispose(): void {
    this.parts.optimizer.dispose();
  }
}

/** Lets the event loop run: a notebook's stop button, a signal, a second client must get through. */
export const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
