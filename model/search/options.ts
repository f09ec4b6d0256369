/**
 * The options of a search: defaults, and what values they may have.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../pipeline/contract/errors.ts";
import { resolveOptions, settingsShape } from "../train/options.ts";
import { type Relaxation, RELAXATIONS, type SearchOptions } from "./state.ts";

const size = z.int().positive();

/** What only a search has. */
export const searchShape = {
  epochs: size.default(3),
  relaxation: z.enum(RELAXATIONS).optional(),
  order: z.union([z.literal(1), z.literal(2)]).default(1),
  warmup: z.number().min(0).lt(1).default(0.3),
  alphaRate: z.number().positive().default(0.01),
  alphaData: z.union([z.literal("validation"), z.coerce.number().gt(0).lt(1)]).default(0.3),
  every: size.default(20),
};

/**
 * A search's options, all of them.
 *
 * @throws {InputError} where there is no such option, its value does not fit, or two of them contradict each other.
 */
export function resolveSearch(input: Partial<SearchOptions>): SearchOptions {
  const options = resolveOptions({ ...settingsShape, ...searchShape }, input, "search");
  const { relaxation, order } = options;
  checkOrder(relaxation, order);
  return { ...options, relaxation: relaxation ?? (order === 2 ? "outputs" : "losses") };
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
