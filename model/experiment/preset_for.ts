/**
 * Options that suit known datasets, for each method.
 *
 * @module
 */
import { checkCall, TEXT } from "../../pipeline/contract/options/arguments.ts";
import type { MethodName } from "../methods/method_options.ts";
import { optionsOfPreset, type PresetName } from "../presets/presets.ts";
import type { MethodJobOptions } from "./job_options.ts";

/**
 * Returns the options of a method that suit a dataset known by name.
 *
 * @throws {InputError} if there is no such preset, or it has no options for the method.
 * @example
 * ```ts
 * import { prepare, presetFor, train } from "automlp";
 *
 * const { dataset } = await prepare({ dataset: "demo", out: await Deno.makeTempDir() });
 * const sasrec = await train("sasrec", dataset, { ...presetFor("ml-100k", "sasrec"), epochs: 1 });
 * console.log(sasrec);
 * ```
 */
export function presetFor<M extends MethodName>(preset: PresetName, method: M): MethodJobOptions<M> {
  checkCall('presetFor("ml-100k", "sasrec")', [preset, TEXT], [method, TEXT]);
  return optionsOfPreset(preset, method) as MethodJobOptions<M>;
}
