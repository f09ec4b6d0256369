/**
 * Room on disk for what does not fit into memory while a dataset is made: in the folder that becomes the dataset, so that a kill leaves nothing
 * else behind. It is made before any data is read: where nothing can be written, that is known at once.
 *
 * @module
 */
import { join } from "node:path";
import { dropQuietly, type StagedFolder, stageFolder } from "./contract/files/swap.ts";
import { writingFailed } from "./contract/files/system.ts";
import { claimDataset } from "./contract/dataset/store.ts";
import type { PrepareConfig } from "./prepare_options.ts";

/** A folder for tables until they are written. */
export class Scratch {
  private constructor(
    /** What becomes the dataset's folder. */
    readonly staged: StagedFolder,
    /** In it; empty at first. */
    readonly folder: string,
  ) {}

  private static async make(
    { out, overwrite }: PrepareConfig,
    inputs: readonly string[],
  ): Promise<Scratch> {
    const place = claimDataset(out, { overwrite, inputs });
    let staged: StagedFolder | undefined;
    try {
      staged = await stageFolder(place);
      const folder = join(staged.path, "scratch");
      Deno.mkdirSync(folder);
      return new Scratch(staged, folder);
    } catch (error) {
      if (staged) dropQuietly(staged);
      throw writingFailed(`the dataset ${out}`, error);
    }
  }

  /**
   * Makes the room and does work that may need it. Where the work fails, all of it is removed.
   *
   * @param inputs Files of this machine that the dataset is made of: they may not lie in its place.
   * @param work Given the room's folder.
   * @returns What the work gives, and the room, which is the caller's now.
   * @throws {InputError} if the dataset may not, or cannot, be written where it is to go.
   */
  static async during<R extends object>(
    config: PrepareConfig,
    inputs: readonly string[],
    work: (room: string) => Promise<R>,
  ): Promise<R & InScratch> {
    const scratch = await Scratch.make(config, inputs);
    try {
      return { ...await work(scratch.folder), scratch };
    } catch (error) {
      scratch.drop();
      throw error;
    }
  }

  /** Removes all of it that is not of the dataset. */
  clear(): void {
    Deno.removeSync(this.folder, { recursive: true });
  }

  /** Removes all of it: there will be no dataset. */
  drop(): void {
    dropQuietly(this.staged);
  }
}

/** What the work of {@link Scratch.during} comes with. */
export interface InScratch {
  /** Where tables lie on disk until they are written. */
  scratch: Scratch;
}
