/**
 * Files without rows among others that have some.
 *
 * @module
 */
import type { DataFrame } from "../../contract/frame.ts";
import type { Runner } from "../runner.ts";
import { passedOverRemark } from "../../readers/source.ts";
import { type PartFiles, shownFile } from "./part.ts";

/**
 * What is said of the files of a pattern that have no rows.
 *
 * @param filled How many have some.
 * @param query For the URIs of these, once each: `file`.
 * @param state What is the matter with one that has none. Of files without a single byte the cluster does not speak at all.
 */
export async function passedOver(
  runner: Runner,
  files: PartFiles,
  filled: number,
  query: string,
  state: string,
): Promise<string[]> {
  if (filled === files.files.length) return [];
  const rows: DataFrame = await runner.rows(query);
  const shown = new Set((rows.getColumn("file").toArray() as string[]).map((uri) => shownFile(uri, files)));
  return files.files.filter(({ path }) => !shown.has(shownFile(path, files)))
    .map(({ path }) => passedOverRemark({ path: shownFile(path, files), state }));
}
