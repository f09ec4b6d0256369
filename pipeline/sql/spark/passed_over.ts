/**
 * Handles files without rows, if others have rows.
 *
 * @module
 */
import type { DataFrame } from "../../contract/frame.ts";
import type { Runner } from "../runner.ts";
import { EMPTY, passedOverRemark } from "../../readers/source.ts";
import { type PartFiles, shownFile, shownPath } from "./part.ts";

/**
 * Returns remarks about a pattern's files without rows.
 *
 * @param filled Number of files with rows.
 * @param query A query for files with any content, once each: `file`, the URI, and `filled`, whether it has rows.
 * @param state The remark for a file with content but no rows.
 * @param without The remark for a file with bytes that the query does not list.
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
