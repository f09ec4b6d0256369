import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import {
  folderKind,
  recogniseFolder,
  removeOwn,
  someOf,
} from "../../../../pipeline/contract/files/recognise.ts";
import { FolderRecord, RECORD } from "../../../../pipeline/contract/files/record.ts";
import { walk } from "../../../../pipeline/contract/files/walk.ts";
import { withFolder } from "../../../folders.ts";

/** Writes files, by their paths below a folder. */
function fill(folder: string, files: Record<string, unknown>): string {
  for (const [path, content] of Object.entries(files)) {
    Deno.mkdirSync(dirname(join(folder, path)), { recursive: true });
    Deno.writeTextFileSync(
      join(folder, path),
      typeof content === "string" ? content : JSON.stringify(content),
    );
  }
  return folder;
}

/** Makes one of our folders, with these files. */
async function ours(folder: string, files: Record<string, string>): Promise<string> {
  fill(folder, files);
  const record = FolderRecord.begin(folder, "export");
  Object.keys(files).forEach((path) => record.enter(path));
  await record.save();
  return folder;
}

const pathsIn = (folder: string) => Array.from(walk(folder), ({ path }) => path).sort();

Deno.test("of a folder of ours it is known what is as it was written, what was changed, and what is somebody else's", () =>
  withFolder(async (dir) => {
    const folder = await ours(join(dir, "own"), {
      "a": "1",
      "b": "2",
      "deep/c": "3",
      "linked": "4",
      "gone": "5",
    });
    fill(folder, { "b": "changed", "deep/notes": "mine", "deep/more/notes": "mine" });
    Deno.removeSync(join(folder, "gone"));
    Deno.mkdirSync(join(folder, "gone")); // an empty folder is not one of ours
    Deno.renameSync(join(folder, "linked"), join(dir, "elsewhere"));
    Deno.symlinkSync(join(dir, "elsewhere"), join(folder, "linked")); // even if its target is unchanged
    const { kind, knownBy, own, changed, strangers } = recogniseFolder(folder)!;
    assert.deepEqual([kind, knownBy], ["export", RECORD]);
    assert.deepEqual([own.sort(), changed], [["a", RECORD, "deep/c"].sort(), ["b"]]);
    assert.deepEqual(strangers.sort(), ["deep/more/notes", "deep/notes", "gone", "linked"]);
  }));

Deno.test("folders of earlier versions are known by their own descriptions, in which all that they list may have been changed", () =>
  withFolder((dir) => {
    const folder = (name: string, files: Record<string, unknown>) => fill(join(dir, name), files);
    const run = folder("run", { "run.json": { format: "automlp-run" }, "model/config.json": "", "mine": "" });
    assert.deepEqual(recogniseFolder(run), {
      kind: "run",
      knownBy: "run.json",
      id: undefined,
      own: [],
      changed: ["model/config.json", "run.json"],
      strangers: ["mine"],
    });
    const dataset = folder("dataset", {
      "manifest.json": {
        format: "automlp-dataset",
        tables: { users: { file: "u.parquet" }, items: { files: [{ file: "i-0" }, { file: "i-1" }] } },
      },
      ...Object.fromEntries(["u.parquet", "i-0", "i-1", "i-2", "report.html"].map((name) => [name, ""])),
    });
    const { changed, strangers, ...of } = recogniseFolder(dataset)!;
    assert.deepEqual([of.kind, of.knownBy, strangers], ["dataset", "manifest.json", ["i-2"]]);
    assert.deepEqual(changed.sort(), ["i-0", "i-1", "manifest.json", "report.html", "u.parquet"]);
    const kinds = [
      { "export.json": { format: "automlp-export", files: [{ path: "log.csv" }] } },
      { "source.json": { sha256: "0123", files: [{ name: "ratings.dat" }] } },
    ].map((files, i) => folderKind(folder(`kind-${i}`, files)));
    assert.deepEqual(kinds, ["export", "download"]);
  }));

Deno.test("a folder with files that are only called as ours are is none of ours", () =>
  withFolder((dir) => {
    const others: Record<string, unknown>[] = [
      { "run.json": { format: "another-run" } },
      { "run.json": {} },
      { "run.json": "no JSON" },
      { "manifest.json": { format: "automlp-run" } },
      { "export.json": { files: [] } },
      { "source.json": { files: [] } },
      { "source.json": { sha256: "0123" } },
      { "log.csv": "" },
    ];
    for (const [i, files] of others.entries()) {
      assert.equal(recogniseFolder(fill(join(dir, `${i}`), files)), undefined, Object.keys(files).join());
    }
  }));

Deno.test("what a folder is known by is removed last, and only if it is to go and all else that was to go went", () =>
  withFolder(async (dir) => {
    const make = (name: string) => ours(join(dir, name), { "a": "1", "deep/b": "2" });
    const whole = await make("whole");
    assert.deepEqual(removeOwn(whole, [RECORD, "a", "deep/b"], RECORD), []);
    assert.throws(() => Deno.statSync(whole), Deno.errors.NotFound);
    const kept = await make("kept");
    assert.deepEqual(removeOwn(kept, ["a"], RECORD).sort(), [RECORD, "deep", "deep/b"]);
    const partly = await make("partly");
    assert.deepEqual(removeOwn(partly, ["a", "deep/b", "never there", RECORD], RECORD), [RECORD]);
    const visited = fill(await make("visited"), { "deep/mine": "" });
    assert.deepEqual(removeOwn(visited, ["a", "deep/b", RECORD], RECORD).sort(), ["deep", "deep/mine"]);
    assert.deepEqual(pathsIn(visited), ["deep", "deep/mine"]);
  }));

Deno.test("of many names three are said", () => {
  assert.equal(someOf(["a", "b", "c"]), "a, b, c");
  assert.equal(someOf(["a", "b", "c", "d"]), "a, b, c and 1 more");
});
