/**
 * The options of a search: defaults, and what values they may have.
 *
 * @module
 */
import { z } from "zod";
import { resolveOptions, settingsShape, withNegatives } from "../train/options.ts";
import type { SearchOptions } from "./state.ts";

const size = z.int().positive();

/** What only a search has. */
export const searchShape = {
  epochs: size.default(3),
  order: z.union([z.literal(1), z.literal(2)]).default(1),
  warmup: z.number().min(0).lt(1).default(0.3),
  alphaRate: z.number().positive().default(0.01),
  alphaData: z.union([z.literal("validation"), z.coerce.number().gt(0).lt(1)]).default(0.3),
  every: size.default(20),
};

/**
 * A search's options, all of them.
 *
 * @throws {InputError} where there is no such option, or its value does not fit.
 */
export const resolveSearch = (input: Partial<SearchOptions>): SearchOptions =>
  withNegatives(resolveOptions({ ...settingsShape, ...searchShape }, input, "search"));
