/**
 * The options of a search: defaults, and what values they may have.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import { DEFAULT_MARGIN, RULES } from "./select.ts";
import { resolveOptions, settingsShape } from "../train/options.ts";
import { type Relaxation, RELAXATIONS, type SearchOptions } from "./state.ts";

const size = z.int().positive();

/** Epochs of a search where nobody says how many: more on small data, so that the networks have learnt something. */
const EPOCHS = 3, LEAST_STEPS = 600;

/** What only a search has. */
export const searchShape = {
  epochs: size.optional(),
  relaxation: z.enum(RELAXATIONS).optional(),
  order: z.union([z.literal(1), z.literal(2)]).default(1),
  warmup: z.number().min(0).lt(1).default(0.3),
  alphaRate: z.number().positive().default(0.01),
  alphaData: z.union([z.literal("validation"), z.coerce.number().gt(0).lt(1)]).default(0.3),
  select: z.enum(RULES).optional(),
  margin: z.number().min(0).lt(1).default(DEFAULT_MARGIN),
  elimination: z.boolean().default(true),
  every: size.default(20),
};

/**
 * A search's options, all of them.
 *
 * @param dataset What will be searched on: small data take more epochs.
 * @throws {InputError} where there is no such option, its value does not fit, or two of them contradict each other.
 */
export function resolveSearch(input: Partial<SearchOptions>, dataset: SequenceDataset): SearchOptions {
  const options = resolveOptions({ ...settingsShape, ...searchShape }, input, "search");
  const { order, alphaData, batchSize } = options;
  checkOrder(options.relaxation, order);
  const relaxation = options.relaxation ?? (order === 2 ? "outputs" : "losses");
  const held = alphaData === "validation" ? 0 : alphaData;
  const steps = Math.ceil((1 - held) * dataset.targets("train").length / batchSize);
  return {
    ...options,
    relaxation,
    epochs: options.epochs ?? Math.max(EPOCHS, Math.ceil(LEAST_STEPS / Math.max(1, steps))),
    // What is mixed is not judged by itself there.
    select: options.select ?? (relaxation === "losses" ? "shortest-within-error" : "argmax"),
  };
}

/** @throws {InputError} where the second order is asked for with a relaxation that has none. */
export function checkOrder(relaxation: Relaxation | undefined, order: 1 | 2): void {
  if (relaxation === "losses" && order === 2) {
    throw new InputError(
      "Cannot search by the second order with relaxation losses: the weights' steps do not depend on α there; " +
        "take relaxation outputs, or order 1",
    );
  }
}
