/**
 * Lists the content of a folder.
 *
 * @module
 */
import { join } from "node:path";

/** Yields everything below a folder; links are not followed. Paths are relative to it, with `/`. A folder comes before its content. */
export function* walk(folder: string, below = ""): Generator<{ path: string; entry: Deno.FileInfo }> {
  const names = Array.from(Deno.readDirSync(join(folder, below)), ({ name }) => name).sort();
  for (const name of names) {
    const path = below + name;
    const entry = Deno.lstatSync(join(folder, path));
    yield { path, entry };
    if (entry.isDirectory) yield* walk(folder, `${path}/`);
  }
}
