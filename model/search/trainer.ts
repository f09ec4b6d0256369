/**
 * Gradient descent steps on the weights of the searched networks.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { objectiveFor } from "../automlp/build.ts";
import type { TrainingSettings } from "../train/settings.ts";
import { ITEM_TABLE } from "../layers/embedding.ts";
import { windowsOf } from "../automlp/batch_windows.ts";
import type { Mixture } from "../automlp/network.ts";
import { targetsPerHistory } from "../automlp/shared_histories.ts";
import type { SeparateCandidates } from "../automlp/separate_candidates.ts";
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
import type { SearchSpace } from "./space.ts";

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

/** Networks that are trained side by side. */
export class Trainer {
  /** The weights of all networks. */
  readonly optimizer: Optimizer;
  /** One objective for each network. All make the same batches. */
  readonly #objectives: Objective[];
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
    readonly space: SearchSpace,
    readonly settings: TrainingSettings,
    targets: ExamplePool,
    purpose: string,
  ) {
    this.#objectives = space.networks.map((network) => objectiveFor(engine, dataset, network, settings));
    this.optimizer = new Optimizer(engine, space.specs, settings.seed, { rate: settings.rate });
    const shared = Math.max(...space.networks.map(targetsPerHistory)), { batchSize, seed } = settings;
    this.#open = new OpenPart(dataset);
    if (shared > 1) this.#groups = new TargetGroups(dataset, targets, shared, seed, "some");
    this.cursor = new Cursor(
      this.#groups?.pool ?? targets,
      Math.max(1, Math.round(batchSize / shared)),
      purpose,
      seed,
    );
    this.#dropout = new DropoutDraw(space.networks[0].dropout, settings.seed, purpose);
  }

  /** The objective of the first network; if outputs are mixed, it is the only one. */
  get objective(): Objective {
    return this.#objectives[0];
  }

  /** The dropout of the next step. */
  get dropout(): Dropout {
    return this.#dropout.at(this.cursor.total);
  }

  /**
   * Takes one step of Adam on the next batch.
   *
   * @param choice α of the only network, or the candidates that learn, each by its own loss: their places in the
   * space, ascending, all of one network.
   * @param before Called with the pass before the weights change, within its `tf.tidy`.
   * @returns The batch's mean loss before the step; for several candidates, the mean of their losses on their
   * windows.
   * @throws {RunError} if the loss is no longer finite.
   */
  step(choice: Mixture, before?: (pass: TrainingPass) => void): number {
    const { engine, optimizer, space, dropout, settings, cursor: { epoch } } = this, { tf } = engine;
    const example = this.#next();
    const { network, own } = "candidates" in choice
      ? this.#sideBySide(choice.candidates, example)
      : { network: 0, own: choice };
    const losses = inPrecision(engine, settings, () =>
      tf.tidy(() => {
        const weights = space.weights(optimizer.weights, network);
        const result = this.#objectives[network].evaluate(weights, own, example, dropout);
        before?.({ example, dropout, result });
        optimizer.apply(space.gradients(result.gradients, network), [{
          table: space.nameOf(network, ITEM_TABLE),
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

  /** Candidates of one network, each with its window of the batch. */
  #sideBySide(places: readonly number[], { targets }: Example): { network: number; own: SeparateCandidates } {
    const { network, candidates } = this.space.within(places);
    return { network, own: { candidates, windows: windowsOf(candidates.length, targets.length) } };
  }

  /**
   * Returns the losses of candidates on held-out targets, [places], each as it would be alone.
   *
   * @param number The number of the step: each has fresh negatives.
   * @param places Places of the candidates in the space.
   * @param normalized See `representations` in `model/automlp/network.ts`.
   */
  losses(targets: PartTargets, number: number, places: readonly number[], normalized: boolean): Float64Array {
    const { optimizer, space } = this, example = this.example(targets, number, "held out");
    const all = places.map((place) => space.places[place]), losses = new Float64Array(places.length);
    this.#objectives.forEach((objective, network) => {
      const own = all.flatMap((place, i) => place.network === network ? [{ i, ...place }] : []);
      if (own.length === 0) return;
      const weights = space.weights(optimizer.weights, network);
      const found = objective.losses(weights, example, own.map(({ candidate }) => candidate), normalized);
      own.forEach(({ i }, j) => losses[i] = found[j]);
    });
    return losses;
  }

  /** Frees all tensors. */
  dispose(): void {
    this.optimizer.dispose();
  }
}
