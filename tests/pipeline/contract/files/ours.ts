/** Folders of ours for tests of the files' modules. */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { FolderRecord } from "../../../../pipeline/contract/files/checksums.ts";

export const DATA = { name: "dataset" }, EXPORT = { name: "export" };
/** A kind that is never replaced. */
export const KEPT = { name: "run", keeps: ["dataset"] };

/** Writes a file and the folders above it. */
export function write(path: string, text = "mine"): void {
  Deno.mkdirSync(dirname(path), { recursive: true });
  Deno.writeTextFileSync(path, text);
}

/** Makes one of our folders, with these files. */
export async function ours(path: string, kind: { name: string } = DATA, files = ["table"]): Promise<string> {
  Deno.mkdirSync(path, { recursive: true });
  const record = FolderRecord.begin(path, kind);
  for (const file of files) write(join(path, file), "ours");
  record.enterAll();
  await record.save();
  return path;
}

export const text = (path: string): string => Deno.readTextFileSync(path);
export const namesIn = (folder: string): string[] =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

/** Asserts that work is refused in one line. */
export const refused = (work: () => unknown, message: RegExp): void =>
  assert.throws(work, (error: Error) => {
    assert.equal(error.name, "InputError", String(error));
    assert.match(error.message, message);
    assert(!error.message.includes("\n"));
    return true;
  });

/** Does work that ends right before the rename to a path with this ending, as a kill would end it; nothing is cleaned up after it. */
export async function killedBefore(ending: string, work: () => unknown): Promise<void> {
  const { renameSync, removeSync } = Deno;
  let isKilled = false;
  const refuse = () => {
    throw new Error("killed");
  };
  Deno.renameSync = (from, to) => {
    isKilled ||= String(to).endsWith(ending);
    isKilled ? refuse() : renameSync(from, to);
  };
  Deno.removeSync = (path, options) => isKilled ? refuse() : removeSync(path, options);
  try {
    await assert.rejects(async () => await work(), /killed/);
  } finally {
    Object.assign(Deno, { renameSync, removeSync });
  }
}
