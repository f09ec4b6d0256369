/**
 * How good a network is on the validation part, between two epochs of its training.
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

/** Validates a network, by the metric and the protocol of its training. Progress has no line of its own: the epoch's says how far it is. */
export class Validation {
  /** How much of the one under way is done. */
  #share?: number;

  constructor(readonly dataset: SequenceDataset, readonly options: TrainingOptions) {}

  /** How far one that is under way is, as in `validation 42%`. */
  get place(): string | undefined {
    return this.#share === undefined ? undefined : `validation ${Math.floor(100 * this.#share)}%`;
  }

  /**
   * The metrics of a network as it is.
   *
   * @param show Called whenever {@link Validation.place} has changed.
   * @returns undefined of data whose validation part is learnt.
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
        logitAdjustment: 0, // what is learned is judged, not what can be made of it
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
