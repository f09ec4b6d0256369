/**
 * A dataset that was opened, and then another one was prepared into its folder.
 *
 * @module
 */
import { join } from "node:path";
import { currentSpeech, type Speech } from "../../display/text/option_names.ts";
import { InputError } from "../errors.ts";
import { readTextSync } from "../files/record.ts";
import { isSystemError } from "../files/system.ts";
import { filesOf, type Manifest } from "./manifest.ts";
import { MANIFEST } from "./near_dataset.ts";
import { MAX_MANIFEST_BYTES, parseManifest } from "./parse_manifest.ts";

/** Whether the folder's manifest is of other tables than the one that was read. */
export function isPreparedAnew(folder: string, manifest: Manifest): boolean {
  const path = join(folder, MANIFEST);
  try {
    return contentOf(parseManifest(readTextSync(path, MAX_MANIFEST_BYTES), path)) !== contentOf(manifest);
  } catch (error) {
    // Without a manifest, or with a damaged one, it is no other dataset.
    if (error instanceof InputError || error instanceof TypeError || isSystemError(error)) return false;
    throw error;
  }
}

const contentOf = (manifest: Manifest): string =>
  filesOf(manifest).map(({ file, sha256 }) => `${file} ${sha256}\n`).join("");

/** The error for a table of such a dataset. */
export const preparedAnew = (folder: string, speech: Speech = currentSpeech()): InputError =>
  new InputError(
    `Cannot read the dataset ${folder}: the folder has been prepared anew since it was opened; ${
      speech === "code"
        ? `open it again, as in await readDataset(${JSON.stringify(folder)})`
        : "give the command again"
    }`,
  );
