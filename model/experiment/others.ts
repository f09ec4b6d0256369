/**
 * The runs of other methods that lie in a run, on the same dataset: what it is compared with.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { FILES } from "../runs/files.ts";
import { RunFolder } from "../runs/folder.ts";

const METHODS = "methods";

/** Where a method's run lies in another one. */
export const otherRunPath = (run: string, method: string): string => join(run, METHODS, method);

/** Those that have a trained model, by name. */
export function otherRuns({ path }: RunFolder): RunFolder[] {
  const folder = join(path, METHODS);
  if (!existsSync(folder)) return [];
  return [...Deno.readDirSync(folder)].filter(({ isDirectory }) => isDirectory).map(({ name }) => name).sort()
    .filter((name) => existsSync(join(folder, name, FILES.weights.path)))
    .map((name) => RunFolder.open(join(folder, name)));
}
