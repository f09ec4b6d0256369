/**
 * Options that suit known data, by the data set's name and the method's. The configuration file and the flags
 * override them.
 *
 * Edit the YAML files in this folder, which also name their sources; `values.ts` is generated from them.
 *
 * @module
 */
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import { PRESETS } from "./values.ts";

/**
 * The name of a preset: options that suit known data, for one method or several. An argument of {@link presetFor},
 * and `preset` of {@link automlp} and {@link planOf}.
 */
export type PresetName = "beauty" | "demo" | "ml-100k" | "ml-1m";
PRESETS satisfies Record<PresetName, unknown>;

/** The names of the presets. */
export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[];

/** Options by name. */
type Options = Record<string, unknown>;

/** A preset's options for a method; undefined if there is no such preset, or it has none for the method. */
export const presetOf = (preset: unknown, method: string): Options | undefined =>
  (PRESETS as Record<string, Record<string, Options>>)[PRESET_NAMES.find((name) => name === preset) ?? ""]
    ?.[method];

/** Whether a list was taken over unchanged from a preset, and not given by the user. */
export const isOfPreset = (list: unknown): boolean =>
  Array.isArray(list) &&
  Object.values<Record<string, Options>>(PRESETS).some((methods) =>
    Object.values(methods).some((options) => Object.values(options).includes(list))
  );

/**
 * Returns the options of a method in the named preset, or none if no preset is named. An invalid preset is refused
 * later, when options are checked.
 *
 * @throws {InputError} if the preset has no options for the method.
 */
export const presetNamed = (preset: unknown, method: string): Options =>
  PRESET_NAMES.includes(preset as PresetName) ? optionsOfPreset(preset as PresetName, method) : {};

/**
 * Returns a preset's options for a method.
 *
 * @throws {InputError} if there is no such preset, or it has no options for the method.
 */
export function optionsOfPreset(preset: PresetName, method: string): Options {
  const options = presetOf(preset, method);
  if (options) return { ...options };
  if (!PRESET_NAMES.includes(preset)) {
    throw new InputError(
      `There is no preset ${preset}${didYouMean(preset, PRESET_NAMES)}; there are ${PRESET_NAMES.join(", ")}`,
    );
  }
  throw new InputError(
    `The preset ${preset} says nothing of ${method}; it has options of ${
      Object.keys(PRESETS[preset]).join(", ")
    }`,
  );
}
