/**
 * A plan whose rows are tuned first, each by the same effort.
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

/** Where the tunings of an experiment are, below its folder. */
const TUNING = "tuning";

/** What the tunings of a plan came to. */
export interface TunedPlan {
  /** With the options that they found. */
  plan: Plan;
  /** Rows of which no trial came to a result, by label, and why: they have no options to be trained with. */
  untuned: ReadonlyMap<string, string>;
}

/**
 * Tunes the rows of a plan that says so. Where the time is up before they are all done, undefined: no cell may begin with options that
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
      ...(how.tuner === "halving" && { leastEpochs }), // a plan has it whatever its tuner
      out,
      // The trials of all rows are called alike.
      ...(tensorboard !== undefined && { tensorboard: join(tensorboard, place) }),
      options: { ...options, epochs },
      // One that was begun keeps its seed, whichever seeds the plan has now.
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
