/**
 * The options of selecting a length.
 *
 * @module
 */
import { oneOf, type Wanted } from "../../pipeline/contract/options/arguments.ts";
import { checkKnown, type KnownOptions } from "../../pipeline/contract/options/known.ts";
import { searchShape } from "./options.ts";
import { RULES, type SelectOptions } from "./select.ts";

/** A share of the loss, with the same limits as in the search's own options. */
const MARGIN: Wanted = {
  what: "a share from 0 to below 1",
  fits: (value) => searchShape.margin.safeParse(value).success,
  state: (value) => typeof value === "number" ? String(value) : undefined,
};

const OPTIONS: KnownOptions<SelectOptions> = { rule: oneOf(RULES), margin: MARGIN };

/** @throws {InputError} if there is no such option or rule, or the margin is not a share. */
export const checkSelect = (options: SelectOptions): void => checkKnown("select", options, OPTIONS);
