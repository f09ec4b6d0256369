/** Corrects the checksums in a damaged folder, as somebody who makes a folder for others could. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { FolderRecord, RECORD } from "../../pipeline/contract/files/checksums.ts";

const hashOf = (path: string) => createHash("sha256").update(Deno.readFileSync(path)).digest("hex");

const isFile = (path: string): boolean => {
  try {
    return Deno.lstatSync(path).isFile;
  } catch {
    return false;
  }
};

/** Corrects the checksums of a folder and of the dataset in it. A record that is itself damaged stays as it is. */
export async function sign(folder: string): Promise<void> {
  if (isFile(join(folder, "dataset", RECORD))) await sign(join(folder, "dataset"));
  signTables(folder);
  let record: FolderRecord | undefined;
  try {
    record = FolderRecord.read(folder);
  } catch {
    return;
  }
  for (const path of record?.paths() ?? []) if (isFile(join(folder, path))) record!.enter(path);
  await record?.save();
}

/** Enters sizes and checksums of the tables into a manifest, if it is still one. */
function signTables(folder: string): void {
  const path = join(folder, "manifest.json");
  if (!isFile(path)) return;
  try {
    const manifest = JSON.parse(Deno.readTextFileSync(path));
    for (const { files } of Object.values(manifest.tables) as { files: { file: string }[] }[]) {
      for (const entry of files) {
        const file = join(folder, entry.file);
        if (isFile(file)) Object.assign(entry, { bytes: Deno.statSync(file).size, sha256: hashOf(file) });
      }
    }
    Deno.writeTextFileSync(path, JSON.stringify(manifest));
  } catch {
    // It is no longer a manifest, so it says nothing about tables.
  }
}
