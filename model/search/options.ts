/**
 * The options of a search: their defaults and allowed values.
 *
 * @module
 */
import { z } from "zod";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { aboutTargets, defaultBatchSize } from "../data_defaults.ts";
import { DEFAULT_MARGIN } from "./select.ts";
import { sizeOf, targetsOf } from "../train/open_part.ts";
import { resolveOptions } from "../train/options.ts";
import { settingsShape, USUAL_BATCH_SIZE } from "../train/settings.ts";
import { SEARCHES } from "../records/records.ts";
import type { SearchOptions } from "./state.ts";

const size = z.int().positive();

/** Default epochs of a search, and minimum number of steps: small data take more epochs, so that the networks have learnt something. */
const EPOCHS = 3, LEAST_STEPS = 400;
/** About as many as MovieLens-1M has, enough to distinguish lengths there; with more, a search takes longer. */
const MOST_TARGETS = 1_000_000;

/** Options that only a search has; the texts are those of `--help`. */
export const searchShape = {
  epochs: size.optional().meta({
    title: "N",
    description: "maximum number of epochs of the search",
    fallback: "3, more on small data",
  }),
  search: z.enum(SEARCHES).default("shared"),
  warmup: z.number().min(0).lt(1).default(0.3)
    .meta({ yaml: true, title: "SHARE", description: "share of the search during which α stays fixed" }),
  alphaRate: z.number().positive().default(0.01).meta({
    yaml: true,
    title: "X",
    description: "learning rate of α",
  }),
  alphaData: z.union([z.literal("validation"), z.coerce.number().gt(0).lt(1)]).default(0.3).meta({
    yaml: true,
    title: "validation|SHARE",
    description: "what α learns from: the validation positives, or a held-out share of the training targets",
  }),
  targets: size.default(MOST_TARGETS).meta({
    yaml: true,
    title: "N",
    description: "about how many training targets the search uses at most; their users are drawn at random",
  }),
  margin: z.number().min(0).lt(1).default(DEFAULT_MARGIN).meta({
    yaml: true,
    title: "SHARE",
    description: "differences below this share of the validation loss do not matter",
  }),
  elimination: z.boolean().default(true).meta({
    yaml: true,
    description: "drop candidates that are clearly worse, and end the search once its answer cannot change",
  }),
  every: size.default(20),
};

/**
 * Returns all options of a search, with defaults filled in.
 *
 * @param dataset The dataset to search on: small data take more epochs.
 * @throws {InputError} if there is no such option, its value does not fit, or two of them contradict each other.
 */
export function resolveSearch(input: Partial<SearchOptions>, dataset: SequenceDataset): SearchOptions {
  const usual = { batchSize: defaultBatchSize(aboutTargets(dataset), USUAL_BATCH_SIZE) };
  const options = resolveOptions({ ...settingsShape, ...searchShape }, input, "search", usual);
  const { alphaData, batchSize, targets: most } = options;
  const held = alphaData === "validation" ? 0 : alphaData;
  const targets = Math.min(most, sizeOf(targetsOf(dataset, "train")));
  const steps = Math.ceil((1 - held) * targets / batchSize);
  return {
    ...options,
    epochs: options.epochs ?? Math.max(EPOCHS, Math.ceil(LEAST_STEPS / Math.max(1, steps))),
  };
}
