/**
 * Options that suit known data, by the data set's name and the method's. The configuration file and the flags
 * override them. Each data set has a file with the options of each method, and where they are from.
 *
 * @module
 */
import { didYouMean, InputError } from "../../pipeline/contract/errors.ts";
import beauty from "./beauty.json" with { type: "json" };
import demo from "./demo.json" with { type: "json" };
import ml100k from "./ml-100k.json" with { type: "json" };
import ml1m from "./ml-1m.json" with { type: "json" };

/**
 * The name of a preset: options that suit known data, for one method or several. An argument of {@link presetFor},
 * and `preset` of {@link automlp} and {@link planOf}.
 */
export type PresetName = "beauty" | "demo" | "ml-100k" | "ml-1m";

/** Options by name. */
type Options = Record<string, unknown>;

/** By preset and method. */
const PRESETS: Record<PresetName, Record<string, { origin: string; options: Options }>> = {
  "beauty": beauty,
  "demo": demo,
  "ml-100k": ml100k,
  "ml-1m": ml1m,
};

/** The names of the presets. */
export const PRESET_NAMES = Object.keys(PRESETS) as PresetName[];

/** A preset's options for a method; undefined if there is no such preset, or it has none for the method. */
export const presetOf = (preset: unknown, method: string): Options | undefined =>
  isPreset(preset) ? PRESETS[preset][method]?.options : undefined;

const isPreset = (name: unknown): name is PresetName => PRESET_NAMES.some((preset) => preset === name);

/** Whether a list was taken over unchanged from a preset, and not given by the user. */
export const isOfPreset = (list: unknown): boolean =>
  Array.isArray(list) &&
  Object.values(PRESETS).some((methods) =>
    Object.values(methods).some(({ options }) => Object.values(options).includes(list))
  );

/**
 * Returns the options of a method in the named preset, or none if no preset is named. An invalid preset is refused
 * later, when options are checked.
 *
 * @throws {InputError} if the preset has no options for the method.
 */
export const presetNamed = (preset: unknown, method: string): Options =>
  isPreset(preset) ? optionsOfPreset(preset, method) : {};

/**
 * Returns a preset's options for a method.
 *
 * @throws {InputError} if there is no such preset, or it has no options for the method.
 */
export function optionsOfPreset(preset: PresetName, method: string): Options {
  const options = presetOf(preset, method);
  if (options) return { ...options };
  if (!isPreset(preset)) {
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
