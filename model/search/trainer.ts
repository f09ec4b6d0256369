/**
 * Steps of gradient descent on the weights of the network that is searched.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { assemble, type Assembled } from "../automlp/build.ts";
import type { TrainingSettings } from "../train/settings.ts";
import type { NetworkConfig } from "../automlp/network_config.ts";
import { ITEM_TABLE } from "../layers/embedding.ts";
import type { Mixture } from "../automlp/network.ts";
import type { Example, ObjectiveResult } from "../automlp/objective.ts";
import type { Engine } from "../backend/types.ts";
import type { Dropout } from "../layers/dropout.ts";
import { DropoutDraw } from "../train/dropout.ts";
import { Cursor } from "../train/order.ts";
import { checkLoss } from "../train/step.ts";

/** A pass over a training batch, before the weights follow its gradients. */
export interface TrainingPass {
  example: Example;
  dropout: Dropout;
  result: ObjectiveResult;
}

/** A network under training. */
export class Trainer {
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
   * @param before Called with the pass before the weights change, within its `tf.tidy`.
   * @returns The batch's mean loss before the step.
   * @throws {RunError} if the loss is no number any more.
   */
  step(choice: Mixture, before?: (pass: TrainingPass) => void): number {
    const { engine: { tf }, parts: { objective, optimizer }, dropout } = this;
    const number = this.cursor.total;
    const example = objective.example(this.cursor.next(), number);
    const loss = tf.tidy(() => {
      const result = objective.evaluate(optimizer.weights, choice, example, dropout);
      before?.({ example, dropout, result });
      optimizer.apply(result.gradients, [
        { table: ITEM_TABLE, rows: Int32Array.from(result.items), gradient: result.dTable },
      ]);
      return result.loss.dataSync()[0];
    });
    return checkLoss(loss, this.cursor.epoch);
  }

  /** Frees all tensors. */
  dispose(): void {
    this.parts.optimizer.dispose();
  }
}
