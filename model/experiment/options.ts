/**
 * The options of the main job: network, search, training, evaluation.
 *
 * @module
 */
import { resolve } from "node:path";
import { z } from "zod";
import type { Describes } from "../../pipeline/contract/options/describes.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { InputError } from "../../pipeline/contract/errors.ts";
import { firstRepeated } from "../../pipeline/contract/options/shapes.ts";
import { engineShape, threadsShape } from "../backend/types.ts";
import { defaultCandidates, type NetworkConfig, sizesShape } from "../methods/automlp/config.ts";
import { USUAL_LENGTH } from "../history_lengths.ts";
import { candidatesFor } from "../methods/automlp/lengths.ts";
import { searchShape } from "../search/options.ts";
import { isSideBySide, SEARCHES } from "../records/records.ts";
import { toFlag } from "../../pipeline/display/text/to_key.ts";
import { isOfPreset, PRESET_NAMES } from "../presets/presets.ts";
import { adjustments } from "../records/schemas.ts";
import { MOST_NETWORKS } from "../train/ensemble.ts";
import { trainingShape } from "../train/options.ts";
import { SHOWN_PEOPLE } from "../views/people.ts";
import { settingsShape } from "../train/settings.ts";
import type { AnyJobInput, JobOptions, Phase } from "./job_options.ts";

/** The method whose short-term length is searched before it is trained. */
export const AUTOMLP = "automlp";

/** The phases of the job, in order. */
const PHASES: readonly Phase[] = ["dataset", "search", "retrain", "evaluate"];

const A_TIME = 'give a time such as "30m", "2h" or "90s"';

/** `30m`, `2h`, `90s`, or seconds. */
const duration = z.union([
  z.number().positive(),
  z.string().regex(/^\d+(\.\d+)?[smh]?$/, A_TIME).transform((text) =>
    parseFloat(text) * ({ s: 1, m: 60, h: 3600 }[text.at(-1)!] ?? 1)
  ).refine((seconds) => seconds > 0 && seconds < Infinity, A_TIME),
]);

const list = <S extends z.ZodType>(element: S) =>
  z.union([element, z.array(element).min(1)]).transform((v) => [v].flat());

/** The word for no features, in place of their names. */
const NO_FEATURES = "none";

/** The sizes of AutoMLP's network. */
export const networkShape = {
  ...sizesShape,
  embeddedFeatures: z.union([z.string(), z.array(z.string())])
    .transform((names) => String(names) === NO_FEATURES ? [] : [names].flat())
    .optional()
    .meta({
      yaml: true,
      title: "NAME,NAME,…",
      description: `item features to embed beside the items; ${NO_FEATURES}: items alone`,
      fallback: "all of the dataset",
    }),
};

const { epochs: searchEpochs, warmup: searchWarmup, targets: searchTargets, ...others } = searchShape;
const { search: _search, every: _every, ...rest } = others;
/** Options of how AutoMLP's length is found. */
export const lengthShape = {
  search: z.enum([...SEARCHES, "exhaustive", "none"]).default("shared").meta({
    description:
      "how the length is found: by comparing networks that share weights; by the largest α of their mixed outputs (darts, the paper; darts2, second order); by one training for each length; or not at all",
  }),
  short: z.int().positive().optional()
    .meta({ title: "K", description: "with --search none: the short-term length" }),
  lengths: list(z.coerce.number().int().positive()).optional().meta({
    title: "K,K,…",
    description: "short-term lengths to choose from",
    fallback: "3,5,10,15,20, up to the length of histories",
  }),
  searchEpochs,
  searchWarmup,
  searchTargets,
  ...rest,
  warmStart: z.boolean().default(false)
    .meta({ yaml: true, description: "begin training with the searched weights of the selected network" }),
};

const { seed: _seed, loss, trainNegatives, ...settings } = settingsShape;
/** Options of AutoMLP alone. */
const automlpOwn = { ...networkShape, ...lengthShape };

/** Options of every training. */
export const trainShape = {
  loss,
  // Zero negatives, for losses that need none, cannot be asked for.
  trainNegatives: z.int().positive().optional().meta(trainNegatives.meta()!),
  ...settings,
  ...trainingShape,
  ensemble: z.int().min(1).max(MOST_NETWORKS, `must be at most ${MOST_NETWORKS}`).default(1).meta({
    title: "N",
    description:
      "number of networks to train separately; their averaged scores are better than those of one, and N networks take N times the work",
  }),
  keepSeen: z.boolean().default(false).meta({
    description:
      "include items that the user has had, in protocol full and in the lists of recommend: for data in which users repeat items",
  }),
  ks: list(z.coerce.number().int().positive()).default([5, 10, 20])
    .meta({ title: "K,K,…", description: "cut-offs of the metrics reported" }),
  startFrom: z.string().min(1).transform((run) => resolve(run)).optional().meta({
    title: "RUN",
    description:
      "start with the weights of a trained run, for instance on later data: items are matched by id, and options that you leave out are taken from that run",
    fallback: "fresh weights",
  }),
};

/** The folder and the seed of a run, for the commands that begin one. */
export const placeShape = {
  out: z.string().min(1).optional().meta({ title: "DIR", description: "run folder to write" }),
  seed: settingsShape.seed,
};

/** The option for a preset, whose options are defaults for those that are not given. */
export const presetShape = {
  preset: z.enum(PRESET_NAMES).optional()
    .meta({ description: "options that suit a known data set; those that you give override them" }),
};

/** Options that may differ from one session of a run to the next. */
export const runShape = {
  resume: z.boolean().default(false).meta({
    description: "resume the run in the folder: RUN --resume is enough",
  }),
  strict: z.boolean().default(false).meta({
    yaml: true,
    description: "with --resume: refuse an engine or versions other than those that the run began with",
  }),
  budget: duration.optional().meta({
    title: "TIME",
    description:
      "time limit for this command, as in 30m: training ends in time; evaluation is never cut short, and takes longer on large data",
  }),
  tensorboard: z.string().min(1).optional().meta({
    title: "DIR",
    description:
      "folder for TensorBoard event files: losses, metrics, learning rate and α by step, and the options",
  }),
  people: z.enum(SHOWN_PEOPLE).optional().meta({
    description:
      "how the report names the few people whose histories it shows: by id, or by number (person 1, person 2); none leaves them out",
    fallback: "ids, or as in the run",
  }),
  ...engineShape,
  ...threadsShape,
};

/** Options of what is built, searched and trained, in the groups of `--help`. */
export const jobGroups = {
  "The network": networkShape,
  "The search for the short-term length": lengthShape,
  "Training": trainShape,
};

/** Options of the job by their names in a configuration file; flags are the same in kebab case. */
export const jobShape = {
  method: z.string().default(AUTOMLP),
  /** Sizes of a method other than AutoMLP. */
  sizes: z.record(z.string(), z.unknown()).default({}),
  ...automlpOwn,
  ...trainShape,
  until: z.enum(PHASES).default("evaluate").meta({
    description: "last phase",
    hints: {
      prepare: "the phase that prepares is called dataset",
      train: "the phase that trains is called retrain",
      report: "the report is written by the phase evaluate",
    },
  }),
  ...runShape,
};

/** The same as runs record it. */
export const recordedShape = {
  ...jobShape,
  /** Only for a refit. */
  trainOn: z.enum(["all", "all-but-test"]).optional(),
  /** Only for a refit that is tested. */
  adjustmentOfRun: adjustments.optional(),
};

export const jobSchema = z.strictObject(recordedShape);

true satisfies Describes<typeof jobSchema, JobOptions, AnyJobInput>;

/** The message that there is nothing to warm-start from. */
export const NO_SEARCHED_WEIGHTS =
  "Cannot warm-start: it begins training with the weights of a search, and there is none in this run; leave out warmStart, or search first";

/** Returns those of the given options that are in a shape. */
export const pick = <S extends object, V extends object>(shape: S, options: V): Pick<V, keyof S & keyof V> =>
  Object.fromEntries(Object.entries(options).filter(([key]) => key in shape)) as Pick<V, keyof S & keyof V>;

/**
 * Returns the lengths to choose from: those that were named, or the defaults for the sizes.
 *
 * @param dataset If it is given, the defaults are limited to lengths that its histories fill.
 */
export function candidatesOf(
  { lengths, longLayers, length = USUAL_LENGTH, ...sizes }: JobOptions,
  dataset?: SequenceDataset,
): number[] {
  if (lengths) return lengths;
  const network = { ...sizes, length, longLayers: longLayers ?? sizes.layers };
  // Histories are read only if a length is searched.
  const isSearched = isAutomlp(sizes) && sizes.search !== "none";
  return dataset && isSearched ? candidatesFor(dataset, network) : defaultCandidates(network);
}

/** Whether the method is AutoMLP, whose sizes are separate options and whose length is selected first. */
export const isAutomlp = ({ method }: Pick<JobOptions, "method">): boolean => method === AUTOMLP;

/** Whether a run's network is trained again, on more of the data. */
export const isRefit = ({ trainOn }: Pick<JobOptions, "trainOn">): boolean => trainOn !== undefined;

/** Whether a part of the data is held out for evaluation. */
export const isTested = ({ trainOn }: Pick<JobOptions, "trainOn">): boolean => trainOn !== "all";

/** Whether the job includes a phase. */
export const wants = ({ until }: Pick<JobOptions, "until">, phase: Phase): boolean =>
  PHASES.indexOf(until) >= PHASES.indexOf(phase);

/**
 * Refuses options that contradict each other. Options that the job will not use are not checked: nobody should have to change the
 * candidates of a search that is not run.
 *
 * @throws {InputError}
 */
export function checkJob(options: JobOptions): void {
  const refuse = (conflict: boolean, message: string) => {
    if (conflict) throw new InputError(message);
  };
  refuse(
    options.startFrom !== undefined && isAutomlp(options) && options.search !== "none",
    "Option --start-from goes on with the network of that run and the length that was selected there; leave out --search",
  );
  refuseWithStart(options, { warmStart: options.warmStart });
  refuse(
    isRefit(options) && isAutomlp(options) && options.search !== "none",
    "Cannot search where no validation part is held out: candidates are judged by it; give the length (search: none)",
  );
  refuse(
    options.warmStart && options.ensemble > 1,
    `Option warmStart begins training with the weights of one search: it goes with one network, not with --ensemble ${options.ensemble}`,
  );
  refuse(options.warmStart && !(isAutomlp(options) && isSideBySide(options.search)), NO_SEARCHED_WEIGHTS);
  if (!isAutomlp(options)) return;
  refuse(
    options.warmStart && candidatesOf(options).length === 1,
    "Cannot warm-start: of one candidate nothing is searched, and there are no searched weights to begin with; " +
      "leave out warmStart, or name several --lengths",
  );
  refuse(
    options.search === "none" && options.short === undefined,
    "Option --search none needs the length to train with: --short K",
  );
  refuse(
    options.search !== "none" && options.short !== undefined,
    `Option --short goes with --search none, not with ${options.search}`,
  );
  const [what, lengths, wish] = options.search === "none"
    ? ["short-term length", [options.short!], "lower --short"] as const
    : ["candidate length", candidatesOf(options), "name other --lengths"] as const;
  const longest = lengths.reduce((a, b) => Math.max(a, b)), { length = USUAL_LENGTH } = options;
  refuse(
    longest > length,
    `Cannot build the network: the ${what} ${longest} is longer than the sequence, ${length}; ` +
      `raise --length, or ${wish}`,
  );
  const twice = firstRepeated<number>(lengths);
  refuse(twice !== undefined, `Cannot search: --lengths names the length ${twice} twice`);
}

/**
 * Refuses options of a search, which may come from a configuration file, for a job that takes over what a run has found.
 *
 * @param given Which of these options are given.
 * @throws {InputError}
 */
function refuseWithStart(
  { startFrom }: Pick<AnyJobInput, "startFrom">,
  given: Record<string, boolean>,
): void {
  const name = Object.keys(given).find((name) => given[name]);
  if (startFrom === undefined || name === undefined) return;
  throw new InputError(
    `Option --${
      toFlag(name)
    } goes with a search; with --start-from nothing is searched, because length and sizes are those of that run: leave out --${
      toFlag(name)
    }`,
  );
}

/**
 * Refuses candidates that would not be used.
 *
 * @param given The options that the caller named now; a preset, or a run on record, may have candidates even if a length is given.
 * @throws {InputError}
 */
export function checkCandidates(
  { search, startFrom }: Pick<AnyJobInput, "search" | "startFrom">,
  given: object,
): void {
  const { lengths } = given as Pick<AnyJobInput, "lengths">;
  if (search !== "none" || lengths === undefined || isOfPreset(lengths)) return;
  refuseWithStart({ startFrom }, { lengths: true });
  throw new InputError("Option --lengths goes with a search, not with --search none; leave it out");
}

/** The part of a network's configuration that says whether it embeds features of items. */
type Embedding = Pick<NetworkConfig, "features">;

/** Options that have an effect only together with another. */
interface Companion {
  names: readonly (keyof JobOptions)[];
  /** The option that decides. */
  by: "search" | "score";
  fits(options: JobOptions): boolean;
  /** What it goes with. */
  with: string;
}

const COMPANIONS: readonly Companion[] = [
  {
    // An exhaustive search always selects the length that is best on validation.
    names: ["searchEpochs", "searchWarmup", "searchTargets", "alphaRate", "alphaData", "margin"],
    by: "search",
    fits: ({ search }) => isSideBySide(search),
    with: "--search shared, darts or darts2",
  },
  // Outputs that are mixed would miss one that is dropped.
  {
    names: ["elimination"],
    by: "search",
    fits: ({ search }) => search === "shared",
    with: "--search shared",
  },
  { names: ["temperature"], by: "score", fits: ({ score }) => score === "cosine", with: "score: cosine" },
];

/**
 * Returns remarks on given options that have no effect alongside the others.
 *
 * @param named The options that the caller named now; there are no remarks on those of a preset or a run on record.
 */
export function unusedOptions(options: JobOptions, named: object, { features }: Embedding): string[] {
  if (!isAutomlp(options)) return [];
  const besideOthers = COMPANIONS.filter(({ fits }) => !fits(options)).flatMap((
    { names, by, with: companion },
  ) =>
    names.filter((name) => name in named && options[name] !== usual(name)).map((name) =>
      `${asGiven(name, options[name])} changes nothing with ${
        decidedBy(by, options)
      }: it goes with ${companion}`
    )
  );
  const isNothingFused = "fusion" in named && features.length === 0;
  return [
    ...besideOthers,
    ...isNothingFused
      ? [`${asGiven("fusion", options.fusion)} changes nothing: no features of items are embedded`]
      : [],
  ];
}

/** The option that decides, as it was given: a job that starts from a run searches nothing. */
const decidedBy = (by: Companion["by"], options: JobOptions): string =>
  by === "search" && options.startFrom !== undefined ? "--start-from" : asGiven(by, options[by]);

/** The default value of an option. */
const usual = (name: keyof JobOptions): unknown => recordedShape[name].parse(undefined);

/** An option as it is given: on a command line, or in a file where it has no flag. */
const asGiven = (name: keyof JobOptions, value: unknown): string =>
  recordedShape[name].meta()?.yaml ? `${name}: ${value}` : `--${toFlag(name)} ${value}`;
