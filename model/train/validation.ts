/**
 * Validates a network between two epochs of its training.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import { type Progress, silent } from "../../pipeline/contract/progress.ts";
import { evaluate } from "../evaluate/evaluate.ts";
import { parseMetric } from "../evaluate/metrics.ts";
import type { TrainRecord } from "../records/records.ts";
import type { Model } from "./method.ts";
import type { TrainingOptions } from "./options.ts";

/** Validates a network, by the metric and the protocol of its training. Progress has no line of its own: the epoch's line shows it. */
export class Validation {
  /** The share of the current validation that is done. */
  #share?: number;

  constructor(readonly dataset: SequenceDataset, readonly options: TrainingOptions) {}

  /** The progress of the current validation, as in `validation 42%`. */
  get place(): string | undefined {
    return this.#share === undefined ? undefined : `validation ${Math.floor(100 * this.#share)}%`;
  }

  /**
   * Returns the metrics of a network with its current weights.
   *
   * @param show Called whenever {@link Validation.place} has changed.
   * @returns undefined if the validation part is used for training.
   * @throws {Interrupted} if `signal` of the options is aborted.
   */
  async of(
    model: Model,
    show: () => void,
  ): Promise<Pick<TrainRecord, "metrics" | "standardErrors"> | undefined> {
    if (!this.dataset.heldOut.includes("validation")) return undefined;
    const { metric, protocol, keepSeen } = this.options;
    try {
      const { metrics, standardErrors } = await evaluate(model, this.dataset, {
        split: "validation",
        protocols: [protocol],
        ks: [parseMetric(metric).k],
        keepSeen,
        logitAdjustment: 0, // what is learnt is judged, not what an adjustment could make of it
        progress: this.#progress(show),
        signal: contextOf(this.options).signal,
      });
      return { metrics: { ...metrics[protocol] }, standardErrors: { ...standardErrors[protocol] } };
    } finally {
      this.#share = undefined;
      model.refresh();
    }
  }

  #progress(show: () => void): Progress {
    return {
      ...silent,
      start: (_label, total = 0) => {
        let done = 0;
        const advance = (amount: number) => {
          done += amount;
          this.#share = total > 0 ? done / total : 0;
          show();
        };
        advance(0);
        return { advance, end() {} };
      },
    };
  }
}
