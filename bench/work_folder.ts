/**
 * Where a bench keeps what it makes, for as long as it needs it.
 *
 * @module
 */
import { InputError } from "../pipeline/contract/errors.ts";
import { makeFolder } from "../pipeline/contract/files/stage.ts";

/**
 * A new folder.
 *
 * @param inside In which it is made, and which is made if it is missing; left out: the system's temporary folder.
 * @throws {InputError} if it cannot be made there.
 */
export async function workFolder(inside?: string): Promise<string> {
  try {
    if (inside !== undefined) makeFolder(inside);
    return await Deno.makeTempDir({ dir: inside, prefix: "automlp-bench-" });
  } catch (error) {
    throw new InputError(
      `Cannot work in ${inside ?? "the system's temporary folder"}: ${
        (error as Error).message
      }; choose another folder with --work`,
    );
  }
}
