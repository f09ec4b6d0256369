/**
 * What is in a folder.
 *
 * @module
 */
import { join } from "node:path";

/** Everything below a folder; links are not followed. Paths are below it, with `/`. A folder comes before what is in it. */
export function* walk(folder: string, below = ""): Generator<{ path: string; entry: Deno.FileInfo }> {
  const names = Array.from(Deno.readDirSync(join(folder, below)), ({ name }) => name).sort();
  for (const name of names) {
    const path = below + name;
    const entry = Deno.lstatSync(join(folder, path));
    yield { path, entry };
    if (entry.isDirectory) yield* walk(folder, `${path}/`);
  }
}
