/**
 * Gradient descent steps on the weights of the searched network.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { objectiveFor } from "../automlp/build.ts";
import type { TrainingSettings } from "../train/settings.ts";
import { ITEM_TABLE } from "../layers/embedding.ts";
import { windowsOf } from "../automlp/batch_windows.ts";
import { type Mixture, modelParameters } from "../automlp/network.ts";
import type { NetworkConfig } from "../automlp/network_config.ts";
import { targetsPerHistory } from "../automlp/shared_histories.ts";
import type { Example, Objective, ObjectiveResult } from "../automlp/objective.ts";
import { inPrecision } from "../backend/precision.ts";
import type { Engine } from "../backend/types.ts";
import type { Dropout } from "../layers/dropout.ts";
import { DropoutDraw } from "../train/dropout.ts";
import { Optimizer } from "../train/optimizer.ts";
import { OpenPart, type Reader } from "../train/open_part.ts";
import { Cursor, type ExamplePool } from "../train/order.ts";
import { checkLoss } from "../train/check_loss.ts";
import { TargetGroups } from "../train/target_groups.ts";

/** Targets of one part of a dataset. */
export interface PartTargets {
  part: number;
  /** Rows of the part's interactions, [B]. */
  rows: Uint32Array;
}

/** A pass over a training batch, before the weights follow its gradients. */
export interface TrainingPass {
  example: Example;
  dropout: Dropout;
  result: ObjectiveResult;
}

/** A network whose candidate lengths are trained side by side. */
export class Trainer {
  /** The weights. */
  readonly optimizer: Optimizer;
  readonly objective: Objective;
  /** Current place in the training targets, or in their groups. */
  readonly cursor: Cursor;
  /** Set if several targets share a history. */
  readonly #groups?: TargetGroups;
  readonly #open: OpenPart;
  readonly #dropout: DropoutDraw;

  /**
   * @param targets Training targets, rows within the parts of the dataset.
   * @param purpose Distinguishes the search from retraining: their random numbers differ.
   */
  constructor(
    readonly engine: Engine,
    dataset: SequenceDataset,
    network: NetworkConfig,
    readonly settings: TrainingSettings,
    targets: ExamplePool,
    purpose: string,
  ) {
    this.objective = objectiveFor(engine, dataset, network, settings);
    this.optimizer = new Optimizer(engine, modelParameters(network), settings.seed, { rate: settings.rate });
    const shared = targetsPerHistory(network), { batchSize, seed } = settings;
    this.#open = new OpenPart(dataset);
    if (shared > 1) this.#groups = new TargetGroups(dataset, targets, shared, seed, "some");
    this.cursor = new Cursor(
      this.#groups?.pool ?? targets,
      Math.max(1, Math.round(batchSize / shared)),
      purpose,
      seed,
    );
    this.#dropout = new DropoutDraw(network.dropout, settings.seed, purpose);
  }

  /** The dropout of the next step. */
  get dropout(): Dropout {
    return this.#dropout.at(this.cursor.total);
  }

  /**
   * Takes one step of Adam on the next batch.
   *
   * @param choice α, or the places of the candidates that learn, each by its own loss, ascending: all of them in each
   * step, so that the weights they share are trained for all of them at once. If they took turns instead, the shared
   * weights would settle for what the shortest candidate can use, and the longer ones would lag behind (see
   * `bench/README.md`).
   * @param before Called with the pass before the weights change, within its `tf.tidy`.
   * @returns The batch's mean loss before the step; for several candidates, the mean of their losses on their
   * windows.
   * @throws {RunError} if the loss is no longer finite.
   */
  step(choice: Mixture, before?: (pass: TrainingPass) => void): number {
    const { engine, optimizer, dropout, settings, cursor: { epoch } } = this, { tf } = engine;
    const example = this.#next();
    const mixture = "candidates" in choice
      ? { ...choice, windows: windowsOf(choice.candidates.length, example.targets.length) }
      : choice;
    const losses = inPrecision(engine, settings, () =>
      tf.tidy(() => {
        const result = this.objective.evaluate(optimizer.weights, mixture, example, dropout);
        before?.({ example, dropout, result });
        optimizer.apply(result.gradients, [{
          table: ITEM_TABLE,
          rows: Int32Array.from(result.items),
          gradient: result.dTable,
        }]);
        return result.loss.dataSync() as Float32Array;
      }));
    return checkLoss(losses.reduce((sum, loss) => sum + loss) / losses.length, epoch);
  }

  /** Returns the next batch and moves on. */
  #next(): Example {
    const { cursor, objective } = this, { total, epoch, part } = cursor, chosen = cursor.next();
    return this.#groups
      ? objective.sharingExample(this.#groups.grouped(chosen, part, epoch), total, this.#open.sequences(part))
      : this.example({ part, rows: chosen }, total, "training");
  }

  /**
   * Returns the batch of some targets.
   *
   * @param number The number of the step: each has fresh negatives.
   * @param reader Whose targets they are: each reader keeps a part open.
   */
  example({ part, rows }: PartTargets, number: number, reader: Reader): Example {
    return this.objective.example(rows, number, this.#open.sequences(part, reader));
  }

  /**
   * Returns the losses of candidates on held-out targets, [places], each as it would be alone.
   *
   * @param number The number of the step: each has fresh negatives.
   * @param places Places of the candidates.
   * @param normalized See `representations` in `model/automlp/network.ts`.
   */
  losses(
    targets: PartTargets,
    number: number,
    places: readonly number[],
    normalized: boolean,
  ): Float64Array {
    const example = this.example(targets, number, "held out");
    return this.objective.losses(this.optimizer.weights, example, places, normalized);
  }

  /** Frees all tensors. */
  dispose(): void {
    this.optimizer.dispose();
  }
}
