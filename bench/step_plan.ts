/**
 * The options of `bench step`, and the work that it times.
 *
 * @module
 */
import { z } from "zod";
import { AUTOMLP } from "../model/experiment/options.ts";
import { LOSSES } from "../model/train/losses/registry.ts";
import type { ProcessRequest } from "./measure.ts";
import { size, workloadShape } from "./workload.ts";

export const stepSchema = z.strictObject({
  ...workloadShape,
  features: z.int().nonnegative().optional(),
  method: z.string().default(AUTOMLP),
  sizes: z.array(z.string()).default([]),
  loss: z.enum(LOSSES).optional(),
  lengths: z.array(z.coerce.number().int().positive()).min(1).default([5]),
  length: size.default(50),
  steps: size.default(21),
  rounds: size.default(3),
  peer: z.boolean().default(true),
  peerScript: z.string().optional(),
});
/** The options of `bench step`. */
export type StepPlan = z.output<typeof stepSchema>;

/** The command of a twin, or why there is none. */
export type Twin = ProcessRequest | { absent: string };

/** The work that is timed. */
export interface StepWork {
  /** Name for captions. */
  title: string;
  /** Runs one whole step. */
  step(): unknown;
  /** Number of targets in a step. */
  targets: number;
  /** Number of operations in its matrix products, if they are counted. */
  flops?: number;
  /** Number of trained values, if the twin must have as many. */
  parameters?: number;
  twin(): Promise<Twin>;
  dispose(): void;
}
