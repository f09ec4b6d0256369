/**
 * The options of a search: their defaults and allowed values.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { aboutTargets, defaultBatchSize } from "../data_defaults.ts";
import type { Architecture } from "../records/records.ts";
import { DEFAULT_MARGIN, type Rule, RULES } from "./select.ts";
import { sizeOf, targetsOf } from "../train/open_part.ts";
import { resolveOptions } from "../train/options.ts";
import { settingsShape, USUAL_BATCH_SIZE } from "../train/settings.ts";
import { type Relaxation, RELAXATIONS, type SearchOptions } from "./state.ts";

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
  relaxation: z.enum(RELAXATIONS).optional().meta({
    description:
      "what softmax(α) weighs: the candidates' own losses, or their modules' outputs in one network (the paper)",
    fallback: "losses; outputs with --order 2",
  }),
  order: z.literal([1, 2]).default(1).meta({
    title: "1|2",
    description: "with --relaxation outputs: first-order or second-order approximation",
  }),
  warmup: z.number().min(0).lt(1).default(0.3)
    .meta({ title: "SHARE", description: "share of the search during which α stays fixed" }),
  alphaRate: z.number().positive().default(0.01).meta({ title: "X", description: "learning rate of α" }),
  alphaData: z.union([z.literal("validation"), z.coerce.number().gt(0).lt(1)]).default(0.3).meta({
    title: "validation|SHARE",
    description: "what α learns from: the validation positives, or a held-out share of the training targets",
  }),
  targets: size.default(MOST_TARGETS).meta({
    title: "N",
    description: "about how many training targets the search uses at most; their users are drawn at random",
  }),
  select: z.enum(RULES).optional().meta({
    description:
      "which length is selected: the one with the largest α (the paper), or the shortest within one standard error, or within the margin, of the best validation loss",
    fallback: "shortest-within-error; argmax with --relaxation outputs",
  }),
  margin: z.number().min(0).lt(1).default(DEFAULT_MARGIN).meta({
    title: "SHARE",
    description: "differences below this share of the validation loss do not matter",
  }),
  elimination: z.boolean().default(true).meta({
    description:
      "drop candidates that are clearly worse, and end the search once its answer cannot change; on unless --no-elimination",
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
  const { order, alphaData, batchSize, targets: most } = options;
  checkOrder(options.relaxation, order);
  const relaxation = relaxationOf(options);
  const held = alphaData === "validation" ? 0 : alphaData;
  const targets = Math.min(most, sizeOf(targetsOf(dataset, "train")));
  const steps = Math.ceil((1 - held) * targets / batchSize);
  return {
    ...options,
    relaxation,
    epochs: options.epochs ?? Math.max(EPOCHS, Math.ceil(LEAST_STEPS / Math.max(1, steps))),
    select: options.select ?? ruleOf(relaxation),
  };
}

/** The default rule: modules whose outputs are mixed are not judged on their own. */
export const ruleOf = (relaxation: Relaxation): Rule =>
  relaxation === "losses" ? "shortest-within-error" : "argmax";

/** The default of what softmax(α) weighs. */
export const relaxationOf = (
  { relaxation, order }: Pick<Partial<SearchOptions>, "relaxation" | "order">,
): Relaxation => relaxation ?? (order === 2 ? "outputs" : "losses");

/** The search method to record in the selected architecture. */
export function searchMethod(
  options: Pick<Partial<SearchOptions>, "relaxation" | "order">,
): Architecture["method"] {
  if (relaxationOf(options) === "losses") return "darts-losses";
  return options.order === 2 ? "darts-second-order" : "darts-first-order";
}

/** @throws {InputError} if the second order is requested with a relaxation that does not allow it. */
export function checkOrder(relaxation: Relaxation | undefined, order: 1 | 2): void {
  if (relaxation === "losses" && order === 2) {
    throw new InputError(
      "Cannot search by the second order with relaxation losses: the weights' steps do not depend on α there; " +
        "take --relaxation outputs, or --order 1",
    );
  }
}
