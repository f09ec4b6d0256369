/**
 * Plans of experiments: which methods, with which options and seeds, on which data.
 *
 * @module
 */
import { z } from "zod";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { Describes } from "../../pipeline/contract/options/describes.ts";
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import { firstRepeated } from "../../pipeline/contract/options/shapes.ts";
import { checkSizes, describedMethod, knownOf, methodSchema } from "../experiment/method_options.ts";
import { AUTOMLP, jobShape, pick, presetShape } from "../experiment/options.ts";
import { METHODS } from "../methods/registry.ts";
import type { MethodName } from "../methods/method_options.ts";
import { type PlanInput, type PlanTuning, TUNERS } from "./plan_input.ts";
import { optionsOfPreset, type PresetName } from "../presets/presets.ts";
import { checkOptions } from "../../pipeline/terminal/config.ts";
import { methodOf } from "../train/methods.ts";
import { type Cell, jobOfCell, slug } from "./cell.ts";

/** A row of an experiment's tables: a method with options, trained once for each seed. Made by {@link planOf}. */
export interface Variant {
  /** Label of the row, as in `SASRec` or `AutoMLP, no long-term module`. */
  label: string;
  /** The method, one of {@link METHODS}. */
  method: MethodName;
  /** Options that differ from the method's defaults. */
  options: Record<string, unknown>;
  /** Those of the options that tuning chose. */
  tuned?: Record<string, unknown>;
  /** In a plan along an axis: the curve that the row belongs to. */
  series?: string;
  /** In a plan along an axis: the row's value on it. */
  x?: number;
}

/** The plan of an experiment, as {@link planOf} returns it. */
export interface Plan {
  /** Name for titles, as in `table2`. */
  name: string;
  /** The question that the experiment answers, in a sentence. */
  question?: string;
  /** The rows of its tables; the others are compared with the first. */
  variants: readonly Variant[];
  /** Seeds of the trainings: each row is trained once for each. */
  seeds: readonly number[];
  /** How the options of every row are tuned before training; see {@link tune}. */
  tuning?: PlanTuning;
  /** Whether rows that cannot be trained on the dataset are left out with a warning, since nobody asked for them by name. */
  onlyTrainable?: boolean;
  /** Set if nothing is evaluated, because the question is what training costs. */
  until?: "retrain";
  /**
   * The axis that `x` of the variants lies on: its name, as in `maximum length of a history`, its symbol, and which time grows along it.
   * Default: that of an epoch.
   */
  axis?: { name: string; symbol: string; time?: "epoch" | "search and training" };
}

/** The default seeds. */
export const SEEDS: readonly number[] = [1, 2, 3, 4, 5];

const tuningSchema = z.strictObject({
  trials: z.int().positive().default(20),
  epochs: z.int().positive().default(30),
  tuner: z.enum(TUNERS).exclude(["grid"]).default("halving"),
  leastEpochs: z.int().positive().default(2),
});
true satisfies Describes<typeof tuningSchema, PlanTuning, Partial<PlanTuning>>;

const methodEntry = z.union([
  z.string(),
  z.looseObject({ method: z.string(), label: z.string().min(1).optional() }),
]);

/** What a plan says besides options of the jobs, also as flags. */
export const planShape = {
  dataset: z.string().min(1).optional().meta({
    title: "DIR",
    description: "folder of a prepared dataset; or the name of a known data set, which is prepared first",
  }),
  data: z.union([z.string(), z.array(z.string())]).optional().meta({
    title: "FILE",
    description: "raw interactions, which are prepared first, with the plan's options under prepare",
  }),
  methods: z.union([methodEntry, z.array(methodEntry).min(1, "name one method at least")]).transform((v) =>
    [v].flat()
  ).optional().meta({
    title: "NAME,NAME,…",
    description: `methods; the others are compared with the first: ${METHODS.join(", ")}`,
    fallback: "all, or those of the plan",
  }),
  tune: z.union([
    z.coerce.number().pipe(z.int().positive()).transform((trials) => tuningSchema.parse({ trials })),
    tuningSchema,
  ]).optional().meta({
    title: "N",
    description:
      "first tune the options of each row on validation, with N trials; in a plan's file also { trials, epochs, tuner, leastEpochs }",
    fallback: "no tuning",
  }),
  preset: presetShape.preset.meta({
    description: "options that suit a known data set, for each method; those of the plan override them",
  }),
  // A single number could be a seed or the number of seeds.
  seeds: z.array(z.coerce.number(), "must be a list, as in [1, 2, 3]")
    .pipe(z.array(z.int().nonnegative()).min(1, "name one seed at least")).optional().meta({
      title: "N,N,…",
      description: "seeds; each method is trained once for each",
      fallback: `${SEEDS}, or those of the plan`,
    }),
};

/**
 * Makes a plan of methods, each with its options.
 *
 * @throws {InputError} if a method or option is unknown, or a method or seed is named twice.
 * @example
 * ```ts
 * import { planOf } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const plan = planOf({
 *   name: "mine",
 *   methods: ["automlp", { method: "gru4rec", label: "GRU4Rec wide", hidden: 256 }],
 *   seeds: [1, 2],
 *   common: { epochs: 5 },
 * });
 * assert.deepEqual(plan.variants.map(({ label }) => label), ["AutoMLP", "GRU4Rec wide"]);
 * ```
 */
export function planOf(input: PlanInput): Plan {
  const { name, question, methods, seeds = SEEDS, common = {}, preset, onlyTrainable } = input;
  const { tune: tuning } = checkOptions(z.object({ tune: planShape.tune }), { tune: input.tune });
  checkTuned({ preset, tuning });
  const variants = methods.map((entry): Variant => {
    const { method, label, ...own } = typeof entry === "string" ? { method: entry, label: undefined } : entry;
    const { title } = methodOf({ method });
    return { label: label ?? title, method, options: { ...commonOf(method, common), ...own } };
  });
  const plan = checkedPlan(
    withPreset({ name, question, variants, seeds, ...(tuning && { tuning }), onlyTrainable }, preset),
  );
  for (const key of Object.keys(common)) {
    if (variants.some(({ options }) => key in options)) continue;
    const known = [...new Set(variants.flatMap(({ method }) => Object.keys(optionsOfMethod(method))))];
    throw new InputError(`Unknown option ${key} in the plan ${name}${didYouMean(key, known)}`);
  }
  return plan;
}

/** @throws {InputError} if a plan would tune the very options that a preset gives. */
export function checkTuned({ preset, tuning }: { preset?: PresetName; tuning?: PlanTuning }): void {
  if (preset === undefined || tuning === undefined) return;
  throw new InputError(
    "Options --preset and --tune do not go together: a preset gives the very options that are tuned; leave out one of them",
  );
}

/**
 * Returns the plan with the options of a preset added; those of its rows override them.
 *
 * @throws {InputError} if the preset has no options for a row's method.
 */
export function withPreset(plan: Plan, preset: PresetName | undefined): Plan {
  if (preset === undefined) return plan;
  return {
    ...plan,
    variants: plan.variants.map((variant) => ({
      ...variant,
      options: { ...optionsOfPreset(preset, variant.method), ...variant.options },
    })),
  };
}

/**
 * Refuses a plan that cannot be carried out, before any part of it is.
 *
 * @throws {InputError} if options do not fit, or two rows or two seeds are the same.
 */
export function checkedPlan(plan: Plan): Plan {
  const refuse = (what: string): never => {
    throw new InputError(`Cannot carry out the plan ${plan.name}: ${what}`);
  };
  if (plan.variants.length === 0) refuse("it has no rows; name one method at least");
  if (plan.seeds.length === 0) refuse("it has no seeds; name one at least");
  const seed = firstRepeated(plan.seeds);
  if (seed !== undefined) refuse(`the seed ${seed} is named twice; name each once`);
  const labels = plan.variants.map(({ label }) => label), folder = firstRepeated(labels.map(slug));
  if (folder !== undefined) {
    const [one, other] = labels.filter((label) => slug(label) === folder);
    refuse(
      one === other
        ? `two rows are called ${one}; give each a label of its own`
        : `the rows ${one} and ${other} would have one folder, ${folder}; give one another label`,
    );
  }
  const jobs = plan.variants.map((variant) => {
    try {
      const job = jobOfCell(variant);
      if (!plan.tuning) checkSizes(job); // a tuning may find other sizes
      return job;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(`The plan ${plan.name}, row ${variant.label}: ${error.message}`);
    }
  });
  const keeps = labels.filter((_, i) => jobs[i].keepSeen),
    leaves = labels.filter((_, i) => !jobs[i].keepSeen);
  if (keeps.length > 0 && leaves.length > 0) {
    refuse(
      `protocol full would rank what users have had, too, for the row ${keeps[0]}, and not for ${
        leaves[0]
      }, and such figures do not compare; ` +
        "give --keep-seen to all rows, or to none",
    );
  }
  return plan;
}

/**
 * Returns the plan without rows that cannot be trained on a dataset, if it says so: those of methods that need item features or choose
 * among them, if there are none.
 *
 * @returns The plan, and the labels of the rows that were left out.
 */
export function trainablePlan(plan: Plan, dataset: SequenceDataset): { plan: Plan; leftOut: string[] } {
  const needs = ({ method, options }: Variant) =>
    method === AUTOMLP ? "embeddedFeatures" in options : describedMethod(method).needsFeatures === true;
  const isWhole = !plan.onlyTrainable || dataset.features().length > 0;
  const leftOut = isWhole ? [] : plan.variants.filter(needs);
  return {
    plan: { ...plan, variants: plan.variants.filter((variant) => !leftOut.includes(variant)) },
    leftOut: leftOut.map(({ label }) => label),
  };
}

/** The cells of a plan, one for each row and seed. */
export const cellsOf = ({ variants, seeds, until }: Plan): Cell[] =>
  variants.flatMap((variant) => seeds.map((seed) => cellOf(variant, seed, until)));

/** The cell of a row and a seed. */
export const cellOf = (
  { label, method, options }: Variant,
  seed: number,
  until: Plan["until"],
): Cell => ({ id: `${slug(label)}-seed-${seed}`, method, options, seed, ...(until && { until }) });

/** The options that a method's job takes. */
export const optionsOfMethod = (method: string): Record<string, unknown> =>
  method === AUTOMLP ? jobShape : methodSchema(describedMethod(method, [AUTOMLP])).shape;

/** Those of the options for all methods that this method has. */
export const commonOf = (method: string, common: object): Record<string, unknown> =>
  method === AUTOMLP ? pick(jobShape, common) : knownOf(describedMethod(method), common);
