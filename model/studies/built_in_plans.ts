/**
 * The studies of the AutoMLP paper as plans, by name. Each is a function of the changes that the user wants.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { InputError } from "../../pipeline/contract/errors.ts";
import { DEFAULT_SEED } from "../../pipeline/contract/random.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { defaultLength } from "../data_defaults.ts";
import { USUAL_LENGTH } from "../history_lengths.ts";
import { AUTOMLP } from "../experiment/options.ts";
import { LOSSES } from "../train/losses/registry.ts";
import { methodOf } from "../train/methods.ts";
import { type PresetName, presetOf } from "../presets/presets.ts";
import { settingsShape } from "../train/settings.ts";
import { METHODS } from "../methods/registry.ts";
import { checkedPlan, commonOf, type Plan, SEEDS, type Variant, withPreset } from "./plan.ts";
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

/** A row of a study before the user's options are added. */
interface Row extends Omit<Variant, "method"> {
  /** Default: AutoMLP. */
  method?: Variant["method"];
  /** Options that the user may override, unlike `options`. */
  usual?: Record<string, unknown>;
}

/** What a study asks, and its rows. */
interface Study extends Pick<Plan, "axis" | "until" | "seeds" | "onlyTrainable"> {
  help: string;
  question: string;
  /** Whether the user may name other methods; otherwise all rows are AutoMLP. */
  isOfMethods?: boolean;
  rows(changes: PlanChanges): Row[];
}

const ONE = [DEFAULT_SEED];
/** The options of a given length, where the search is not what is asked about. */
const given = (changes: PlanChanges) => ({ search: "none", short: Math.min(5, wholeLength(changes)) });

/** The methods of a study, which the user may have named, as rows. */
const methodRows = ({ methods = METHODS }: PlanChanges): Required<Omit<Row, "series" | "x" | "tuned">>[] =>
  methods.map((entry) => {
    const { method, label = methodOf({ method }).title, ...options } = typeof entry === "string"
      ? { method: entry }
      : entry;
    return { label, method, options, usual: {} };
  });

/** Rows of AutoMLP along one of its sizes. */
const along = (
  symbol: string,
  values: readonly number[],
  options: (value: number) => Record<string, unknown>,
): Row[] => values.map((x) => ({ label: `${symbol} = ${x}`, options: options(x), series: "AutoMLP", x }));

/** Every method at one size after another, for two epochs, because the question is what one epoch costs. */
const efficiency = (
  axis: NonNullable<Plan["axis"]>,
  option: "length" | "dim",
  values: readonly number[],
  help: string,
): Study => ({
  help,
  question: `What does an epoch of each method take, by ${axis.name}?`,
  axis,
  seeds: ONE,
  until: "retrain",
  isOfMethods: true,
  onlyTrainable: true,
  rows: (changes) =>
    methodRows(changes).flatMap(({ method }) => {
      const { title } = methodOf({ method });
      return values.map((x) => ({
        label: `${title}, ${axis.symbol} = ${x}`,
        method,
        series: title,
        x,
        usual: { ...(method === AUTOMLP && given(changes)), epochs: 2 },
        options: { [option]: x },
      }));
    }),
});

const CANDIDATES = [3, 5, 10, 15, 20, 25, 30, 35, 40, 45];

/** The given number of candidates, none longer than a history: the usual ones if they fit, else evenly spaced from 1 to T. */
const lengthsUpTo = (count: number, longest: number): number[] =>
  CANDIDATES[count - 1] <= longest
    ? CANDIDATES.slice(0, count)
    : Array.from({ length: count }, (_, i) => 1 + Math.round(i * (longest - 1) / (count - 1)));

/** The name of one of the {@link PLANS}, a study of the paper. */
export type PlanName =
  | "table2"
  | "search-cost"
  | "efficiency-length"
  | "efficiency-dimension"
  | "layers"
  | "dimension"
  | "ablation";

const STUDIES: Readonly<Record<PlanName, Study>> = {
  "table2": {
    help: "all methods, five seeds: which is the best, and is it more than chance? (the paper's Table 2)",
    question: "Which method is the best, and by more than chance?",
    seeds: SEEDS,
    isOfMethods: true,
    onlyTrainable: true,
    rows: methodRows,
  },
  "search-cost": {
    help: "the default search beside exhaustive search, for 2, 3, 5, 7 and 10 candidate lengths",
    question: "What does the search cost beside training every candidate, and what does it find?",
    axis: {
      name: "number of candidate lengths",
      symbol: "lengths",
      time: "search and training", // the number of candidates does not change what an epoch of the selected one takes
    },
    seeds: ONE,
    rows: (changes) =>
      [2, 3, 5, 7, 10].filter((x) => x <= wholeLength(changes)).flatMap((x) =>
        Object.entries({ shared: "shared weights", exhaustive: "exhaustive" }).map(([search, series]) => ({
          label: `${series}, ${x} lengths`,
          options: { search, lengths: lengthsUpTo(x, wholeLength(changes)) },
          series,
          x,
        }))
      ),
  },
  "efficiency-length": efficiency(
    { name: "maximum length of a history", symbol: "T" },
    "length",
    [25, 50, 100, 200, 400],
    "time an epoch, examples a second and memory of each method for histories of 25 to 400",
  ),
  "efficiency-dimension": efficiency(
    { name: "size of the embeddings", symbol: "D" },
    "dim",
    [32, 64, 128, 256],
    "the same for embeddings of 32 to 256",
  ),
  "layers": {
    help: "AutoMLP with 1 to 12 layers",
    question: "How many layers does AutoMLP want?",
    axis: { name: "number of layers", symbol: "L" },
    seeds: ONE,
    rows: () => along("L", [1, 2, 4, 8, 12], (layers) => ({ layers, longLayers: layers })),
  },
  "dimension": {
    help: "AutoMLP with embeddings of 16 to 256",
    question: "How large does AutoMLP want its embeddings?",
    axis: { name: "size of the embeddings", symbol: "D" },
    seeds: ONE,
    rows: () => along("D", [16, 32, 64, 128, 256], (dim) => ({ dim })),
  },
  "ablation": {
    help: "AutoMLP without one of its parts, or with another loss",
    question: "What is each part of AutoMLP worth?",
    seeds: ONE,
    onlyTrainable: true,
    rows: (changes) => [
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
  },
};

/** The plan of a study with the user's changes; the options of a row override these, and they override a preset's. */
function planFor(name: PlanName, changes: PlanChanges): Plan {
  const { help: _help, isOfMethods = false, rows, onlyTrainable, ...study } = STUDIES[name];
  const { methods, seeds = study.seeds, common = {}, preset } = changes;
  if (methods !== undefined && !isOfMethods) {
    throw new InputError(`Cannot take methods for the plan ${name}: all its rows are AutoMLP; leave it out`);
  }
  const variants = rows(changes).map(({ method = AUTOMLP, options, usual, ...row }): Variant => ({
    ...row,
    method,
    options: { ...usual, ...commonOf(method, common), ...options },
  }));
  const plan = { ...study, name, seeds, variants, onlyTrainable: onlyTrainable && methods === undefined };
  return checkedPlan(withPreset(plan, preset));
}

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
  Object.entries(STUDIES).map(([name, { help }]): [string, BuiltInPlan] => [name, {
    help,
    make(changes = {}) {
      const plan = planFor(name as PlanName, changes);
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
