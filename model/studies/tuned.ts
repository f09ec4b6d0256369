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

/**
 * The plan with the options that its tunings found. Where the time is up before they are all done, undefined: no cell may begin with options that
 * may still change.
 *
 * @param context `out` is the experiment's folder.
 * @throws {RunError} if no trial of a row came to a result.
 */
export async function tunedPlan(
  plan: Plan,
  dataset: SequenceDataset,
  context: Omit<TuneOptions, "options" | "space">,
): Promise<Plan | undefined> {
  if (!plan.tuning) return plan;
  const { epochs, ...how } = plan.tuning, variants: Variant[] = [];
  for (const variant of plan.variants) {
    const { epochs: _own, ...options } = variant.options;
    const place = join(TUNING, slug(variant.label)),
      out = join(context.out, place),
      { tensorboard } = context;
    const tuning = tune(variant.method, dataset, {
      ...context,
      ...how,
      out,
      // The trials of all rows are called alike.
      ...(tensorboard !== undefined && { tensorboard: join(tensorboard, place) }),
      options: { ...options, epochs },
      // One that was begun keeps its seed, whichever seeds the plan has now.
      seed: begunSeed(out) ?? plan.seeds[0],
    });
    const best = await tuning.run();
    if (context.deadline !== undefined && performance.now() >= context.deadline) return undefined;
    if (!best) throw nothingFound(variant.label, tuning.results, out);
    variants.push({ ...variant, options: { ...variant.options, ...best.options }, tuned: best.options });
  }
  return { ...plan, variants };
}
