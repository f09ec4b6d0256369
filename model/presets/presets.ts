/**
 * Options that suit known data, by the data set's name and the method's. They lie beneath the configuration file and the flags.
 *
 * The YAML files beside this are what is to be edited, and say where they are from; `values.ts` is made of them.
 *
 * @module
 */
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import { PRESETS } from "./values.ts";

/** The name of options that suit known data, for one method or several. What {@link presetFor}, and `preset` of {@link automlp} and {@link planOf} take. */
export type PresetName = "beauty" | "demo" | "ml-100k" | "ml-1m";
PRESETS satisfies Record<PresetName, unknown>;

/** Their names. */
export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[];

/** Options by name. */
type Options = Record<string, unknown>;

/** What a preset says of a method; undefined where there is no such preset, or it has nothing of the method. */
export const presetOf = (preset: unknown, method: string): Options | undefined =>
  (PRESETS as Record<string, Record<string, Options>>)[PRESET_NAMES.find((name) => name === preset) ?? ""]
    ?.[method];

/** Whether a list is a preset's own, taken over as it stands, and nobody's wish of now. */
export const isOfPreset = (list: unknown): boolean =>
  Array.isArray(list) &&
  Object.values<Record<string, Options>>(PRESETS).some((methods) =>
    Object.values(methods).some((options) => Object.values(options).includes(list))
  );

/**
 * The options of a method by a preset that was named; none where none was. What is no preset at all is for the check of options to refuse.
 *
 * @throws {InputError} if it says nothing of the method.
 */
export const presetNamed = (preset: unknown, method: string): Options =>
  PRESET_NAMES.includes(preset as PresetName) ? optionsOfPreset(preset as PresetName, method) : {};

/**
 * What a preset says of a method.
 *
 * @throws {InputError} if there is no such preset, or it says nothing of the method.
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
