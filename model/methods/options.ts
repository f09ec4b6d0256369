/**
 * The options of a method's training, with the method's own defaults.
 *
 * @module
 */
import type { z } from "zod";
import { fewerOnSmallData } from "../train/settings.ts";
import { withDefault } from "./config.ts";
import type { MethodDescription } from "./neural.ts";

/**
 * Returns the options of a training with the defaults of a method. These defaults are defined nowhere else.
 *
 * @param shape Options that include all those that the method's description has defaults for.
 */
export function withMethodDefaults<S extends Record<string, z.ZodType>>(
  shape: S,
  { loss, training }: Pick<MethodDescription<z.ZodRawShape>, "loss" | "training">,
): S {
  const all: Record<string, z.ZodType> = { ...shape }, { batchSize, ...others } = training ?? {};
  if (batchSize !== undefined) {
    all.batchSize = all.batchSize.meta({
      ...all.batchSize.meta(),
      description: "number of histories in a training step", // each has one target, or all at once
      fallback: fewerOnSmallData(batchSize),
    });
  }
  for (const [key, value] of Object.entries({ loss, ...others })) {
    all[key] = withDefault(all[key] as z.ZodDefault<z.ZodType>, value);
  }
  return all as S;
}
