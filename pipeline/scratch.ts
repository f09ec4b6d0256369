/**
 * Space on disk for what does not fit into memory while a dataset is made. It lies in the folder that becomes the dataset, so that a kill
 * leaves nothing else behind. It is created before any data is read, so that a place that cannot be written to is noticed at once.
 *
 * @module
 */
import { join } from "node:path";
import { writingFailed } from "./contract/errors/system.ts";
import { dropQuietly, type StagedFolder, stageFolder } from "./contract/files/swap.ts";
import { claimDataset } from "./contract/dataset/store.ts";
import type { PrepareConfig } from "./prepare_options.ts";

/** A folder that holds tables until they are written to the dataset. */
export class Scratch {
  private constructor(
    /** The folder that becomes the dataset's folder. */
    readonly staged: StagedFolder,
    /** The scratch folder in it; empty at first. */
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
   * Creates the scratch folder and runs work that may need it. If the work fails, everything is removed.
   *
   * @param inputs Files on this machine that the dataset is made from; they may not lie in the dataset's folder.
   * @param work Receives the path of the scratch folder.
   * @returns The result of the work, and the scratch folder, which the caller now owns.
   * @throws {InputError} if the dataset may not, or cannot, be written to its folder.
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

  /** Removes everything that does not belong to the dataset. */
  clear(): void {
    Deno.removeSync(this.folder, { recursive: true });
  }

  /** Removes everything: there will be no dataset. */
  drop(): void {
    dropQuietly(this.staged);
  }
}

/** The scratch folder that the result of {@link Scratch.during} contains. */
export interface InScratch {
  /** Where tables lie on disk until they are written to the dataset. */
  scratch: Scratch;
}
