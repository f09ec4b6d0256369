/**
 * The studies of the AutoMLP paper as plans, by name. Each is a function of the changes that the user wants.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { InputError } from "../../pipeline/contract/errors.ts";
import { AN_OBJECT, checkCall } from "../../pipeline/contract/options/arguments.ts";
import { ANYTHING, checkKnown, type KnownOptions } from "../../pipeline/contract/options/known.ts";
import { DEFAULT_SEED } from "../../pipeline/contract/random.ts";
import { DATASET, type SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { defaultLength } from "../data_defaults.ts";
import { USUAL_LENGTH } from "../history_lengths.ts";
import { AUTOMLP } from "../experiment/options.ts";
import { LOSSES } from "../train/losses/registry.ts";
import { methodOf } from "../train/methods.ts";
import { type PresetName, presetOf } from "../presets/presets.ts";
import { settingsShape } from "../train/settings.ts";
import { METHODS } from "../methods/registry.ts";
import { checkedPlan, commonOf, type Plan, planOf, type Variant, withPreset } from "./plan.ts";
import type { CommonOptions, PlanInput } from "./plan_input.ts";

/** What the user may change in a {@link BuiltInPlan}. */
export interface PlanChanges {
  /** Methods instead of the plan's own; the others are compared with the first. */
  methods?: PlanInput["methods"];
  /** Seeds instead of the plan's own. */
  seeds?: readonly number[];
  /** Options of the jobs, for the methods that have them. */
  common?: CommonOptions;
  /** Options that suit a known data set; `common` and the rows' own options override them. Default: none. */
  preset?: PresetName;
  /**
   * The dataset that the plan is for: lengths are chosen to suit it, unless `common` or `preset` gives one. Default: histories of 50 items.
   */
  dataset?: SequenceDataset;
}

/** The options that there are; the plan itself checks their values. */
const CHANGES: KnownOptions<PlanChanges> = {
  methods: ANYTHING,
  seeds: ANYTHING,
  common: ANYTHING,
  preset: ANYTHING,
  dataset: DATASET,
};

/** A plan available by name, in {@link PLANS}. */
export interface BuiltInPlan {
  /** One line for `--help`. */
  help: string;
  /**
   * Returns the plan with the user's changes.
   *
   * @throws {InputError} if a method or option is unknown.
   */
  make(changes?: PlanChanges): Plan;
}

const ONE = [DEFAULT_SEED];
/** The options of a given length, where the search is not what is asked about. */
const given = (changes: PlanChanges) => ({ search: "none", short: Math.min(5, wholeLength(changes)) });

const nameOf = (entry: PlanInput["methods"][number]) => typeof entry === "string" ? entry : entry.method;

/**
 * A plan whose rows are AutoMLP with different options.
 *
 * @throws {InputError} for other methods.
 */
function automlpPlan(
  plan: Omit<Plan, "variants" | "seeds">,
  { methods, seeds = ONE, common = {} }: PlanChanges,
  variants: (Omit<Variant, "method" | "label"> & { label: string })[],
): Plan {
  if (methods !== undefined) {
    throw new InputError(
      `Cannot take methods for the plan ${plan.name}: all its rows are AutoMLP; leave it out`,
    );
  }
  return checkedPlan({
    ...plan,
    seeds,
    variants: variants.map(({ options, ...rest }) => ({
      ...rest,
      method: AUTOMLP,
      options: { ...commonOf(AUTOMLP, common), ...options },
    })),
  });
}

/** A plan that varies one of AutoMLP's sizes. */
const along = (
  changes: PlanChanges,
  plan: Omit<Plan, "variants" | "seeds">,
  values: readonly number[],
  options: (value: number) => Record<string, unknown>,
): Plan =>
  automlpPlan(
    plan,
    changes,
    values.map((x) => ({ label: `${plan.axis!.symbol} = ${x}`, options: options(x), series: "AutoMLP", x })),
  );

const CANDIDATES = [3, 5, 10, 15, 20, 25, 30, 35, 40, 45];

/** The given number of candidates, none longer than a history: the usual ones if they fit, else evenly spaced from 1 to T. */
const lengthsUpTo = (count: number, longest: number): number[] =>
  CANDIDATES[count - 1] <= longest
    ? CANDIDATES.slice(0, count)
    : Array.from({ length: count }, (_, i) => 1 + Math.round(i * (longest - 1) / (count - 1)));

const LENGTHS = [25, 50, 100, 200, 400], DIMENSIONS = [32, 64, 128, 256];

/** Every method at one size after another, for two epochs, because the question is what one epoch costs. */
function efficiency(
  name: string,
  axis: NonNullable<Plan["axis"]>,
  option: "length" | "dim",
  values: readonly number[],
  changes: PlanChanges,
): Plan {
  const { methods, seeds = ONE, common = {} } = changes;
  const variants = (methods ?? METHODS).map(nameOf).flatMap((method) => {
    const { title } = methodOf({ method });
    return values.map((x): Variant => ({
      label: `${title}, ${axis.symbol} = ${x}`,
      method,
      series: title,
      x,
      options: {
        ...(method === AUTOMLP && given(changes)),
        epochs: 2,
        ...commonOf(method, common),
        [option]: x,
      },
    }));
  });
  return checkedPlan({
    name,
    question: `What does an epoch of each method take, by ${axis.name}?`,
    axis,
    seeds,
    variants,
    until: "retrain",
    onlyTrainable: !methods,
  });
}

/** The name of one of the {@link PLANS}, a study of the paper. */
export type PlanName =
  | "table2"
  | "search-cost"
  | "efficiency-length"
  | "efficiency-dimension"
  | "layers"
  | "dimension"
  | "ablation";

/** What each study asks, and its rows before the options of a preset are added. */
const STUDIES: Readonly<Record<PlanName, { help: string; make(changes: PlanChanges): Plan }>> = {
  "table2": {
    help: "all methods, five seeds: which is the best, and is it more than chance? (the paper's Table 2)",
    make: ({ methods, seeds, common }) =>
      planOf({
        name: "table2",
        question: "Which method is the best, and by more than chance?",
        methods: methods ?? METHODS,
        seeds,
        common,
        onlyTrainable: !methods,
      }),
  },
  "search-cost": {
    help: "the default search beside exhaustive search, for 2, 3, 5, 7 and 10 candidate lengths",
    make: (changes) =>
      automlpPlan(
        {
          name: "search-cost",
          question: "What does the search cost beside training every candidate, and what does it find?",
          axis: {
            name: "number of candidate lengths",
            symbol: "lengths",
            time: "search and training", // the number of candidates does not change what an epoch of the selected one takes
          },
        },
        changes,
        [2, 3, 5, 7, 10].filter((x) => x <= wholeLength(changes)).flatMap((x) =>
          Object.entries({ shared: "shared weights", exhaustive: "exhaustive" }).map(([search, series]) => ({
            label: `${series}, ${x} lengths`,
            options: { search, lengths: lengthsUpTo(x, wholeLength(changes)) },
            series,
            x,
          }))
        ),
      ),
  },
  "efficiency-length": {
    help: "time an epoch, examples a second and memory of each method for histories of 25 to 400",
    make: (changes) =>
      efficiency(
        "efficiency-length",
        { name: "maximum length of a history", symbol: "T" },
        "length",
        LENGTHS,
        changes,
      ),
  },
  "efficiency-dimension": {
    help: "the same for embeddings of 32 to 256",
    make: (changes) =>
      efficiency(
        "efficiency-dimension",
        { name: "size of the embeddings", symbol: "D" },
        "dim",
        DIMENSIONS,
        changes,
      ),
  },
  "layers": {
    help: "AutoMLP with 1 to 12 layers",
    make: (changes) =>
      along(
        changes,
        {
          name: "layers",
          question: "How many layers does AutoMLP want?",
          axis: { name: "number of layers", symbol: "L" },
        },
        [1, 2, 4, 8, 12],
        (layers) => ({ layers, longLayers: layers }),
      ),
  },
  "dimension": {
    help: "AutoMLP with embeddings of 16 to 256",
    make: (changes) =>
      along(
        changes,
        {
          name: "dimension",
          question: "How large does AutoMLP want its embeddings?",
          axis: { name: "size of the embeddings", symbol: "D" },
        },
        [16, 32, 64, 128, 256],
        (dim) => ({ dim }),
      ),
  },
  "ablation": {
    help: "AutoMLP without one of its parts, or with another loss",
    make: (changes) =>
      automlpPlan(
        { name: "ablation", question: "What is each part of AutoMLP worth?", onlyTrainable: true },
        changes,
        [
          { label: "AutoMLP", options: {} },
          { label: "without the long-term module", options: { longLayers: 0 } },
          {
            label: "short-term module over everything",
            options: { search: "none", short: wholeLength(changes) },
          },
          { label: `given length ${given(changes).short}`, options: given(changes) },
          { label: "without item features", options: { embeddedFeatures: "none" } },
          ...LOSSES.filter((loss) => loss !== settingsShape.loss.parse(undefined))
            .map((loss) => ({ label: `loss ${loss}`, options: { loss } })),
          { label: "cosine scores", options: { score: "cosine" } },
        ],
      ),
  },
};

/**
 * The plans available by name: the studies of the paper.
 *
 * @example
 * ```ts
 * import { PLANS } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const { variants } = PLANS["table2"].make({ methods: ["sasrec", "gru4rec"] });
 * assert.deepEqual(variants.map(({ label }) => label), ["SASRec", "GRU4Rec"]);
 * ```
 */
export const PLANS: Readonly<Record<PlanName, BuiltInPlan>> = Object.fromEntries(
  Object.entries(STUDIES).map(([name, { help, make }]): [string, BuiltInPlan] => [name, {
    help,
    make(changes = {}) {
      checkCall(`PLANS["${name}"].make({ methods: ["sasrec"] })`, [changes, AN_OBJECT]);
      checkKnown("make the plan", changes, CHANGES);
      const plan = checkedPlan(withPreset(make(changes), changes.preset));
      refuseUntaken(plan, changes.common);
      return plan;
    },
  }]),
) as Record<PlanName, BuiltInPlan>;

/** @throws {InputError} for an option that no row uses as given, because every row sets its own or has no such option. */
function refuseUntaken({ name, variants, axis }: Plan, common: CommonOptions = {}): void {
  for (const [key, value] of Object.entries(common)) {
    const having = variants.filter(({ options }) => Object.hasOwn(options, key));
    const has = ({ options }: Variant) => isDeepStrictEqual(options[key], value);
    // Rows along an axis set the same options, so a given one is used by all of them; one that has it by chance proves nothing.
    if (axis ? having.length > 0 && having.every(has) : having.some(has)) continue;
    throw new InputError(
      `Cannot take ${key} for the plan ${name}: ${
        having.length > 0
          ? "its rows have their own, by which they differ"
          : "none of its rows has such an option"
      }; leave it out`,
    );
  }
}

/** T, the maximum length of a history: a short-term module of this length is a second long-term one. */
const wholeLength = ({ common, preset, dataset }: PlanChanges): number => {
  const known: CommonOptions = { ...presetOf(preset, AUTOMLP), ...common };
  return (known.length ?? (dataset ? defaultLength(dataset, known) : USUAL_LENGTH)) as number;
};
