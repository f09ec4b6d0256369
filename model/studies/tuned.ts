/**
 * A plan whose rows are tuned first, each with the same effort.
 *
 * @module
 */
import { join } from "node:path";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { begunSeed } from "./asked.ts";
import { slug } from "./cell.ts";
import type { Plan, Variant } from "./plan.ts";
import { tune } from "./tune.ts";
import type { TuneOptions } from "./tune_options.ts";
import { nothingFound } from "./write_tuning.ts";

/** The folder of an experiment's tunings, below its own. */
const TUNING = "tuning";

/** The results of a plan's tunings. */
export interface TunedPlan {
  /** The plan with the options that they found. */
  plan: Plan;
  /** Rows whose tuning had no result, by label, and why: they have no options to be trained with. */
  untuned: ReadonlyMap<string, string>;
}

/**
 * Tunes the rows of a plan that asks for it. Returns undefined if the time is up before all are done: no cell may begin with options that
 * may still change.
 *
 * @param context `out` is the experiment's folder.
 */
export async function tunedPlan(
  plan: Plan,
  dataset: SequenceDataset,
  context: Omit<TuneOptions, "options" | "space">,
): Promise<TunedPlan | undefined> {
  const untuned = new Map<string, string>();
  if (!plan.tuning) return { plan, untuned };
  const { epochs, leastEpochs, ...how } = plan.tuning, variants: Variant[] = [];
  for (const variant of plan.variants) {
    const { epochs: _own, ...options } = variant.options;
    const place = join(TUNING, slug(variant.label)),
      out = join(context.out, place),
      { tensorboard } = context;
    const tuning = tune(variant.method, dataset, {
      ...context,
      ...how,
      ...(how.tuner === "halving" && { leastEpochs }), // a plan has it for any tuner
      out,
      // The trials of all rows have the same names.
      ...(tensorboard !== undefined && { tensorboard: join(tensorboard, place) }),
      options: { ...options, epochs },
      // A tuning that was begun keeps its seed, even if the plan's seeds have changed.
      seed: begunSeed(out) ?? plan.seeds[0],
    });
    const best = await tuning.run();
    if (context.deadline !== undefined && performance.now() >= context.deadline) return undefined;
    if (best) {
      variants.push({ ...variant, options: { ...variant.options, ...best.options }, tuned: best.options });
    } else {
      variants.push(variant);
      untuned.set(variant.label, nothingFound(variant.label, tuning.results, out).message);
    }
  }
  return { plan: { ...plan, variants }, untuned };
}
