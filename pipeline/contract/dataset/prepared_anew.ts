/**
 * Detects that another dataset was prepared into the folder of an open one.
 *
 * @module
 */
import { join } from "node:path";
import { currentSpeech, type Speech } from "../../display/text/option_names.ts";
import { InputError } from "../errors.ts";
import { isSystemError } from "../errors/system.ts";
import { readTextSync } from "../files/readable.ts";
import { filesOf, type Manifest } from "./manifest.ts";
import { MANIFEST } from "./near_dataset.ts";
import { MAX_MANIFEST_BYTES, parseManifest } from "./parse_manifest.ts";

/** Whether the manifest in the folder now describes other tables than the one that was read. */
export function isPreparedAnew(folder: string, manifest: Manifest): boolean {
  const path = join(folder, MANIFEST);
  try {
    return contentOf(parseManifest(readTextSync(path, MAX_MANIFEST_BYTES), path)) !== contentOf(manifest);
  } catch (error) {
    // A missing or damaged manifest does not make it another dataset.
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
