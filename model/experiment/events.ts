/**
 * What a job writes for TensorBoard.
 *
 * @module
 */
import type { Hyperparameters } from "../tensorboard/hparams.ts";
import type { RunEvents } from "../tensorboard/run_events.ts";
import { isAutomlp, jobGroups, pick, trainShape } from "./options.ts";
import type { JobWork } from "./phases/phase.ts";

/**
 * Opens the event files of a job, if they are asked for. Must be called before the run is written.
 *
 * @throws {InputError} if events of another run are there.
 */
export async function openEvents(work: JobWork): Promise<RunEvents | undefined> {
  const { options: { tensorboard }, folder, record } = work;
  if (tensorboard === undefined) return undefined;
  // Not at the start of every command: few write events, and the encoder takes 14 ms to load.
  const { RunEvents } = await import("../tensorboard/run_events.ts");
  return RunEvents.open(tensorboard, {
    identity: `${record.facts.dataset.hash} ${record.facts.sessions[0].began}`,
    resumed: folder.readRun() !== undefined,
    hyperparameters: hyperparametersOf(work),
  });
}

/** The options that shape what comes out, as far as each is one value or a list of them. */
function hyperparametersOf(
  { options, method, dataset, seed }: JobWork,
): Hyperparameters {
  const own = isAutomlp(options)
    ? pick(Object.assign({}, ...Object.values(jobGroups)), options)
    : { ...options.sizes, ...pick(trainShape, options) };
  const all = { method: method.title, dataset: dataset.manifest.name, ...own, seed };
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : value])
      .filter(([, value]) => ["number", "string", "boolean"].includes(typeof value)),
  );
}
