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
import { parseMetric, type RankingProtocol } from "../records/evaluation.ts";
import type { TrainRecord } from "../records/records.ts";
import type { Model } from "./method.ts";
import type { TrainingOptions } from "./options.ts";
import { DEFAULT_SEED, RandomStream } from "../../pipeline/contract/random.ts";
import { type Positives, positivesOf, type Users } from "../evaluate/positives.ts";
import { FULL } from "../evaluate/rank_pass.ts";

/**
 * Number of scores, of a positive and an item, up to which all users validate; they take some 20 seconds of the processor at D = 64. And the
 * smallest number of positives that are drawn: of 10,000, the standard error of a metric is .002 to .005.
 */
const MOST_SCORES = 2e9, FEWEST_POSITIVES = 10_000;

/** The users that validate, and how many they are of those who could. */
export interface ValidationUsers {
  /** undefined: all. */
  among?: Users;
  users: number;
  all: number;
}

/**
 * Returns the users that validate. They are the same for every method, seed and epoch, so that figures can be compared.
 *
 * @param wanted Their number; undefined: all, or if all items are ranked, as many as make {@link MOST_SCORES}.
 * @throws {InputError} if the validation part has no positives.
 */
export async function chooseValidationUsers(
  dataset: SequenceDataset,
  protocol: RankingProtocol,
  wanted?: number,
): Promise<ValidationUsers> {
  const positives = await positivesOf(dataset, "validation"), all = positives.groups.length - 1;
  const users = Math.min(all, wanted ?? usualUsers(dataset, protocol, positives));
  return users === all ? { users, all } : { among: drawn(dataset.users, positives, users), users, all };
}

function usualUsers(dataset: SequenceDataset, protocol: RankingProtocol, positives: Positives): number {
  if (protocol !== FULL) return Infinity;
  const most = Math.max(FEWEST_POSITIVES, MOST_SCORES / dataset.items), n = positives.targets.length;
  return n <= most ? Infinity : Math.ceil(most * (positives.groups.length - 1) / n);
}

/** Draws some of the users who have positives, each with equal probability (selection sampling: Knuth, TAOCP 2, 3.4.2, algorithm S). */
function drawn(users: number, { users: of, groups }: Positives, wanted: number): Users {
  const random = new RandomStream(DEFAULT_SEED, "validation users"), chosen = new Uint8Array(users + 1);
  const all = groups.length - 1;
  for (let i = 0, left = wanted; left > 0; i++) {
    if (random.float() * (all - i) >= left) continue;
    chosen[of[groups[i]]] = 1;
    left--;
  }
  return chosen;
}

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
