/**
 * Files without rows among others that have some.
 *
 * @module
 */
import type { DataFrame } from "../../contract/frame.ts";
import type { Runner } from "../runner.ts";
import { EMPTY, passedOverRemark } from "../../readers/source.ts";
import { type PartFiles, shownFile, shownPath } from "./part.ts";

/**
 * What is said of the files of a pattern that have no rows.
 *
 * @param filled How many have some.
 * @param query For files that have anything, once each: `file`, the URI, and `filled`, whether it has rows.
 * @param state What is the matter with one that has something, and no rows.
 * @param without What is the matter with one that has bytes, and of which the query does not speak.
 */
export async function passedOver(
  runner: Runner,
  files: PartFiles,
  filled: number,
  query: string,
  state: string,
  without = EMPTY,
): Promise<string[]> {
  if (filled === files.files.length) return [];
  const rows: DataFrame = await runner.rows(`SELECT file, filled FROM (${query}) files`);
  const known = new Map(
    (rows.rows() as [string, boolean][]).map(([uri, filled]) => [shownFile(uri, files), filled]),
  );
  return files.files.flatMap((file) => {
    const path = shownPath(file, files), has = known.get(path);
    if (has === true) return [];
    return passedOverRemark({ path, state: has === false ? state : file.bytes === 0 ? EMPTY : without });
  });
}
