/**
 * Checkpoints of a training: its state as tensors and plain data. Unpacking checks that the state is consistent in
 * itself; `restore` checks whether it fits the network that continues from it.
 *
 * @module
 */
import type { Checkpoint } from "../records/checkpoint.ts";
import { damagedCheckpoint, parseState, trainingStateSchema } from "./checkpoint_state.ts";
import { byKind, checkAlike, packOptimizer, SOMEWHERE, unpackOptimizer } from "./checkpoint_tensors.ts";
import type { TrainingState } from "./state.ts";

/**
 * Packs the state of a training into a checkpoint.
 *
 * @example
 * ```ts
 * import { beginTraining, packTraining, prepare } from "automlp";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const training = await beginTraining("gru4rec", dataset, { epochs: 1, dim: 8, length: 10 });
 * training.step();
 * console.log(packTraining(training.state()).tensors.size);
 * training.dispose();
 * ```
 */
export function packTraining(state: TrainingState): Checkpoint {
  const { optimizer, best, ...rest } = state;
  const tensors = packOptimizer(optimizer);
  for (const [name, values] of best ?? []) {
    tensors.set(`best/${name}`, { shape: optimizer.tensors.get(name)!.shape, values });
  }
  return { tensors, state: { ...rest, step: optimizer.step } };
}

/**
 * Unpacks the state of a training from a checkpoint.
 *
 * @param from Where the checkpoint comes from, for messages.
 * @throws {InputError} if it is damaged.
 * @example
 * ```ts
 * import { beginTraining, packTraining, prepare, unpackTraining } from "automlp";
 * import assert from "node:assert/strict";
 *
 * const out = await Deno.makeTempDir();
 * const { dataset } = await prepare({ dataset: "demo", out });
 * const training = await beginTraining("gru4rec", dataset, { epochs: 1, dim: 8, length: 10 });
 * training.step();
 * const saved = packTraining(training.state());
 * training.step();
 * training.restore(unpackTraining(saved));
 * assert.equal(training.steps.done, 1);
 * training.dispose();
 * ```
 */
export function unpackTraining(checkpoint: Checkpoint, from: string = SOMEWHERE): TrainingState {
  const { tensors, state } = checkpoint;
  const { step, ...rest } = parseState(trainingStateSchema, state, from);
  const found = byKind(tensors, from), { best } = found;
  const optimizer = unpackOptimizer(found, step, from);
  if (best.size > 0 || rest.bestEpoch > 0) checkAlike("best", found, from);
  if (rest.bestEpoch === 0 && best.size > 0) {
    throw damagedCheckpoint(from, "bestEpoch: 0, but there is a best epoch");
  }
  return {
    ...rest,
    optimizer,
    best: best.size > 0 ? new Map([...best].map(([name, { values }]) => [name, values])) : undefined,
  };
}
