/**
 * What a kill left: the earlier result, the new one, or the parts of a run that are complete so far. Anything else is a failure.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";
import { recogniseFolder, someOf } from "../../pipeline/contract/files/recognise.ts";
import { entryAt, firstLine } from "../../pipeline/contract/files/system.ts";
import { RunFolder } from "../../model/runs/folder.ts";
import type { Scenario } from "./scenarios.ts";
import { differences, type Snapshot, snapshotOf } from "./snapshot.ts";

/** `aside`: the earlier folder is complete beside its place, and the next reader or writer there restores its name. */
export const FOUND = ["old", "aside", "new", "whole"] as const;
export type Found = typeof FOUND[number];

/** The output before the command and after it. */
export interface Outputs {
  before: Snapshot;
  after: Snapshot;
}

/** Returns which output is there, or what is wrong with it. */
export async function findOutput(
  trial: string,
  { output, kind }: Scenario,
  { before, after }: Outputs,
): Promise<{ found: Found } | { wrong: string }> {
  const path = join(trial, output);
  if (kind === "run") return await findRun(path);
  const damage = damageIn(kind === "folder" ? path : dirname(path));
  if (damage) return { wrong: damage };
  const now = snapshotOf(path), is = (other: Snapshot) => differences(now, other).length === 0;
  if (is(before)) return { found: "old" };
  if (is(after)) return { found: "new" };
  if (now.size === 0 && liesBeside(path, before)) return { found: "aside" };
  const [first] = kind === "folder" ? differences(now, before) : [];
  return { wrong: `${output} is neither the old one nor the new one` + (first ? `: ${first}` : "") };
}

function liesBeside(path: string, before: Snapshot): boolean {
  const prefix = `.${basename(path)}.previous-`;
  return [...Deno.readDirSync(dirname(path))].filter(({ name }) => name.startsWith(prefix))
    .some(({ name }) => differences(snapshotOf(join(dirname(path), name)), before).length === 0);
}

/** Finds a file of one of our folders that does not match its record. */
export function damageIn(folder: string): string | undefined {
  try {
    const changed = entryAt(folder)?.isDirectory ? recogniseFolder(folder)?.changed ?? [] : [];
    return changed.length === 0 ? undefined : `not as the record says: ${someOf(changed)}`;
  } catch (error) {
    return firstLine(error);
  }
}

/** Checks that everything present of a run can be read and matches its record. */
async function findRun(path: string): Promise<{ found: Found } | { wrong: string }> {
  const damage = damageIn(path) ?? damageIn(join(path, "dataset"));
  if (damage) return { wrong: damage };
  if (!entryAt(join(path, "run.json"))) return { found: "whole" };
  const warnings: string[] = [];
  try {
    const run = RunFolder.open(path);
    run.toString(); // reads everything but tensors
    for (const name of ["search", "train"] as const) {
      await run.readCheckpoint(name, (warning) => warnings.push(warning));
    }
    if (entryAt(join(path, "model/config.json"))) await run.readModel();
  } catch (error) {
    return { wrong: firstLine(error) };
  }
  return warnings.length === 0 ? { found: "whole" } : { wrong: warnings[0] };
}
