/**
 * Checkpoints in a run folder: the last two of each phase.
 *
 * @module
 */
import { join } from "node:path";
import { InputError, RunError } from "../../pipeline/contract/errors.ts";
import { checkVersion, isThere, OtherFormat } from "../../pipeline/contract/files/readable.ts";
import type { Checkpoint } from "../records/checkpoint.ts";
import { CHECKPOINT_VERSION } from "../records/schemas.ts";
import { FILES } from "./files.ts";
import { readTensors } from "./read.ts";
import type { RunWriter } from "./write.ts";

/** The phases of a {@link RunFolder} that can be resumed. */
export type CheckpointName = "search" | "train";

/** The files of a phase's checkpoints, the last first. */
const CHECKPOINTS = {
  search: [FILES.searchCheckpoint, FILES.searchCheckpointBefore],
  train: [FILES.trainCheckpoint, FILES.trainCheckpointBefore],
} as const;

/** All phases that can be resumed. */
export const CHECKPOINT_NAMES = Object.keys(CHECKPOINTS) as CheckpointName[];

/** Whether there is a checkpoint of a phase. */
export const hasCheckpoint = (folder: string, name: CheckpointName): boolean =>
  CHECKPOINTS[name].some(({ path }) => isThere(join(folder, path)));

/**
 * Reads the last checkpoint of a phase, or the one before if the last is damaged; undefined if there is none.
 *
 * @param warn Called if the checkpoint is not the last one.
 * @throws {InputError} if there are checkpoints but none can be read, or a newer version wrote one.
 * @throws {RunError} if it does not fit into memory.
 */
export async function readCheckpoint(
  folder: string,
  name: CheckpointName,
  warn: (message: string) => void,
): Promise<Checkpoint | undefined> {
  const problems: string[] = [];
  for (const file of CHECKPOINTS[name]) {
    const path = join(folder, file.path);
    if (!isThere(path)) continue;
    try {
      const { tensors, metadata } = await readTensors(folder, file);
      checkVersion(
        path,
        "the checkpoint",
        Number(metadata.version),
        CHECKPOINT_VERSION,
        `remove checkpoint/${name}*.safetensors to begin again`,
      );
      const state: unknown = JSON.parse(metadata.state);
      if (problems.length > 0) warn(`${problems[0]}; resumed from the checkpoint before it`);
      return { tensors, state };
    } catch (error) {
      // Too little memory, or too old a program: nothing is wrong with the checkpoint.
      if (error instanceof RunError || error instanceof OtherFormat) throw error;
      problems.push(error instanceof InputError ? error.message : `${path} is not a checkpoint`);
    }
  }
  if (problems.length === 0) return undefined;
  throw new InputError(
    `Cannot resume the ${name} of ${folder}: ${
      problems[0]
    }; remove checkpoint/${name}*.safetensors to begin it again`,
  );
}

/** Writes a checkpoint. The previous one is kept, unless it belongs to another network. */
export async function writeCheckpoint(
  writer: RunWriter,
  name: CheckpointName,
  { state, tensors }: Checkpoint,
  keepBefore: boolean,
): Promise<void> {
  const [last, before] = CHECKPOINTS[name];
  if (keepBefore) await writer.move(last, before);
  await writer.tensors(last, tensors, { version: String(CHECKPOINT_VERSION), state: JSON.stringify(state) });
}
