/**
 * What exhaustive search finds: each candidate trained, and compared over users.
 *
 * @module
 */
import {
  type Engine,
  evaluate,
  type Evaluation,
  type MetricName,
  networkFor,
  type SequenceDataset,
  Training,
} from "../../mod.ts";
import type { StageContext } from "../../pipeline/contract/stage.ts";
import { estimate } from "../../model/evaluate/metrics.ts";
import type { World } from "./worlds.ts";

/** The candidates' networks on the validation positives, `full`. */
export interface Truth {
  /** [candidates] */
  values: number[];
  /** [candidates] Standard errors of the values. */
  errors: number[];
  /** [candidates, candidates] Standard errors of the differences, paired over users. */
  paired: number[][];
  /** Total seconds of all trainings. */
  seconds: number;
}

/** Trains the network once for each candidate, stopped early on validation. */
export async function exhaust(
  engine: Engine,
  dataset: SequenceDataset,
  world: World,
  seed: number,
  context: StageContext,
): Promise<Truth> {
  const { lengths, network, settings, epochs, patience, metric, keepSeen } = world;
  const evaluations: Evaluation[] = [];
  let seconds = 0;
  for (const k of lengths) {
    using training = new Training(engine, dataset, networkFor(dataset, { ...network, lengths: [k] }), {
      ...settings,
      seed,
      epochs,
      patience,
      metric,
      protocol: "full",
      ...context,
    });
    const model = await training.run();
    seconds += training.history.at(-1)!.seconds;
    const { k: cutOff } = /@(?<k>\d+)/.exec(metric)!.groups!;
    evaluations.push(
      await evaluate(model, dataset, {
        split: "validation",
        protocols: ["full"],
        ks: [Number(cutOff)],
        keepSeen,
        logitAdjustment: 0,
      }),
    );
  }
  return {
    values: evaluations.map(({ metrics }) => metrics.full[metric]),
    errors: evaluations.map(({ standardErrors }) => standardErrors.full[metric]),
    paired: evaluations.map((a) => evaluations.map((b) => a === b ? 0 : pairedError(a, b, metric))),
    seconds,
  };
}

/** The standard error of the difference of two, paired over users; of equal means, too. */
export function pairedError(a: Evaluation, b: Evaluation, metric: MetricName): number {
  const [mine, theirs] = [a, b].map((of) => of.userValues("full", metric));
  return estimate(mine.map((value, user) => value - theirs[user])).standardError!;
}
