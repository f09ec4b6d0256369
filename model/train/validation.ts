/**
 * Validates a network between two epochs of its training.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { contextOf } from "../../pipeline/contract/context.ts";
import { type Progress, silent } from "../../pipeline/contract/progress.ts";
import { formatCell } from "../../pipeline/display/table.ts";
import { countOf } from "../../pipeline/display/text/units.ts";
import { evaluateAmong } from "../evaluate/evaluate.ts";
import { parseMetric } from "../records/evaluation.ts";
import type { TrainRecord } from "../records/records.ts";
import type { Model } from "./method.ts";
import type { TrainingOptions } from "./options.ts";
import { chooseValidationUsers, type ValidationUsers } from "./validation_users.ts";

/** Validates a network, by the metric and the protocol of its training. Progress has no line of its own: the epoch's line shows it. */
export class Validation {
  /** The share of the current validation that is done. */
  #share?: number;
  #users?: ValidationUsers;

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
  ): Promise<Pick<TrainRecord, "metrics" | "standardErrors" | "validationUsers"> | undefined> {
    if (!this.dataset.heldOut.includes("validation")) return undefined;
    const { metric, protocol, keepSeen } = this.options, { among, users } = await this.users();
    try {
      const { metrics, standardErrors } = await evaluateAmong(model, this.dataset, {
        split: "validation",
        protocols: [protocol],
        ks: [parseMetric(metric).k],
        keepSeen,
        logitAdjustment: 0, // what is learnt is judged, not what an adjustment could make of it
        progress: this.#progress(show),
        signal: contextOf(this.options).signal,
      }, among);
      return {
        metrics: { ...metrics[protocol] },
        standardErrors: { ...standardErrors[protocol] },
        ...(among && { validationUsers: users }),
      };
    } finally {
      this.#share = undefined;
      model.refresh();
    }
  }

  /** Returns the users that validate. Says so the first time, if they are not all and nobody asked for their number. */
  async users(): Promise<ValidationUsers> {
    if (this.#users) return this.#users;
    const { protocol, validationUsers: wanted } = this.options;
    const found = this.#users = await chooseValidationUsers(this.dataset, protocol, wanted);
    if (found.among && wanted === undefined) {
      contextOf(this.options).progress.remark?.(
        `Each epoch is validated on ${countOf(found.users, "user")} of ${
          formatCell(found.all)
        }, drawn at random; set validationUsers to have more or fewer`,
      );
    }
    return found;
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
