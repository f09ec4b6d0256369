/**
 * What of a job's options describes its network.
 *
 * @module
 */
import { sizesShape } from "../automlp/config.ts";
import type { JobOptions } from "./job_options.ts";
import { isAutomlp, pick } from "./options.ts";

/** What a method configures its network by. Of AutoMLP the sizes are options of their own. */
export function networkInput(options: JobOptions): Record<string, unknown> {
  if (!isAutomlp(options)) return options.sizes;
  return {
    ...pick(sizesShape, options),
    features: options.embeddedFeatures,
    candidates: options.search === "none" ? [options.short!] : options.candidates,
  };
}
