/**
 * The options of a run as `run.json` has them: what was run, each option in one place, and none of a method that was not.
 *
 * @module
 */
import { z } from "zod";
import type { RunConfig } from "../records/records.ts";
import { describedMethod } from "./method_options.ts";
import type { JobOptions } from "./job_options.ts";
import {
  AUTOMLP,
  isAutomlp,
  lengthShape,
  networkShape,
  pick,
  recordedShape,
  runShape,
  trainShape,
} from "./options.ts";
import type { JobToBegin } from "./phases/phase.ts";

const { trainOn, adjustmentOfRun, until } = recordedShape;
const trainingShape = { ...trainShape, trainOn, adjustmentOfRun };
const { budget: _budget, ...session } = { until, ...runShape };

/** The options of a job as recorded. A budget is a single command's. */
export function recorded(options: JobOptions): RunConfig {
  const { method } = options, isOwn = isAutomlp(options);
  return {
    method,
    network: isOwn ? pick(networkShape, options) : options.sizes,
    ...(isOwn && { search: pick(lengthShape, options) }),
    training: pick(trainingShape, options),
    session: pick(session, options),
  };
}

/** The options of a run on record in one flat list, like flags, with those of the preparation if the run prepared its dataset. */
export const flatOptions = (
  { network, search, training, data }: RunConfig,
): Record<string, unknown> => ({ ...data, ...network, ...search, ...training });

/** The options of a run on record as its job takes them. */
export function jobOnRecord({ method, network, search, training, session }: RunConfig): object {
  return {
    method,
    ...(method === AUTOMLP ? network : { sizes: network }),
    ...search,
    ...training,
    ...session,
  };
}

/**
 * Options that may be changed when a run is resumed; the new values are recorded. With a learning rate schedule, `epochs` must not change,
 * because it determines the rate of every step.
 */
export const RENEWED = ["epochs", "patience", "ks"] as const;

/** What must not change when a run is resumed: the data, the seed and these options. */
export interface Identity {
  hash: string;
  seed: number;
  /** In one flat list, like flags. */
  options: Record<string, unknown>;
}

/** The identity of a run on record. */
export function identityOf(
  { dataset: { hash }, seed, config }: { dataset: { hash: string }; seed: number; config: RunConfig },
): Identity {
  const { network, search, training } = config, { adjustmentOfRun: _, ...fixed } = training;
  const options: Record<string, unknown> = { ...network, ...search, ...fixed };
  for (const key of RENEWED) {
    if (key !== "epochs" || training.schedule === "constant") delete options[key];
  }
  return { hash, seed, options };
}

/** The identity of the run that a job begins or resumes. */
export const identityOfJob = ({ dataset, seed, options }: JobToBegin): Identity =>
  identityOf({ dataset: dataset.manifest, seed, config: recorded(options) });

/** Options of a run on record that its method does not have in this program. */
export function unknownOptions({ method, network, search, training }: RunConfig): string[] {
  const known = method === AUTOMLP ? networkShape : describedMethod(method).shape;
  const unknown = (options: object | undefined, shape: object) =>
    Object.keys(options ?? {}).filter((key) => !(key in shape));
  return [
    ...unknown(network, known),
    ...unknown(search, lengthShape),
    ...unknown(training, trainingShape),
  ];
}

/** The schema of the options that stay with a run, whichever command works on it. */
export const lastingSchema = z.object(recordedShape).omit({ budget: true });
