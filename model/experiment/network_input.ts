/**
 * The options of a job that describe its network.
 *
 * @module
 */
import { sizesShape } from "../automlp/config.ts";
import type { JobOptions } from "./job_options.ts";
import { isAutomlp, pick } from "./options.ts";

/** The input that a method configures its network from. AutoMLP's sizes are separate options. */
export function networkInput(options: JobOptions): Record<string, unknown> {
  if (!isAutomlp(options)) return options.sizes;
  return {
    ...pick(sizesShape, options),
    features: options.embeddedFeatures,
    candidates: options.search === "none" ? [options.short!] : options.candidates,
  };
}
