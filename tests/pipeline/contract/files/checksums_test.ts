import assert from "node:assert/strict";
import { join } from "node:path";
import {
  examine,
  FolderRecord,
  hashFile,
  hashFileSync,
  hashOf,
  RECORD,
  removeFiles,
} from "../../../../pipeline/contract/files/checksums.ts";
import { partPath } from "../../../../pipeline/contract/files/stage.ts";
import { withFolder } from "../../../folders.ts";
import { EXPORT, KEPT, killedBefore, namesIn, ours, text, write } from "./ours.ts";

Deno.test.sanitizer({ ops: true, resources: true });

const writing = (content: string) => (part: string) => Deno.writeTextFileSync(part, content);

/** Makes an empty run folder. */
function empty(dir: string): { folder: string; record: FolderRecord } {
  const folder = join(dir, "run");
  Deno.mkdirSync(folder);
  FolderRecord.begin(folder, KEPT).saveNew();
  return { folder, record: FolderRecord.read(folder)! };
}

Deno.test("of two who begin a folder at the same time the first one's record stays", () =>
  withFolder((dir) => {
    const { folder, record } = empty(dir);
    FolderRecord.begin(folder, EXPORT).saveNew();
    assert.equal(FolderRecord.read(folder)!.facts.id, record.facts.id);
  }));

Deno.test("a kill while a file is put or moved leaves the old one or the new one; damage stays damage", () =>
  withFolder(async (dir) => {
    const { folder, record } = empty(dir), now = () => FolderRecord.read(folder)!;
    const check = (name: string) => now().check(name, hashFileSync(join(folder, name)));
    await record.put("last", writing("old"));
    await killedBefore("last", () => now().put("last", writing("new")));
    check("last");
    await now().put("last", writing("new"));
    await now().put("before", writing("older"));
    await killedBefore("before", () => now().move("last", "before"));
    check("before");
    assert.equal(text(join(folder, "before")), "older");
    await now().move("last", "before");
    check("before");
    assert.equal(text(join(folder, "before")), "new");

    await now().put("last", writing("good"));
    write(join(folder, "last"), "damaged");
    await killedBefore("last", () => now().put("last", writing("newer")));
    assert.throws(() => check("last"), /its checksum does not match/);
    await now().move("last", "before");
    assert.equal(text(join(folder, "before")), "new", "a damaged file is not moved over a good one");
    await now().put("last", writing("newest"));
    check("last");
    assert.deepEqual(namesIn(folder), ["before", RECORD, "last"]);
  }));

Deno.test("a record that was edited or damaged, or is of another version, is not believed", () =>
  withFolder(async (dir) => {
    const { folder, record } = empty(dir), path = join(folder, RECORD);
    await record.put("file", writing("one"));
    const before = text(path), { checksum: _, ...facts } = JSON.parse(before);
    const newer = { ...facts, version: 3, files: [] };
    const damaged = (problem: string) =>
      new RegExp(`^Cannot read .*${RECORD}: ${problem}; it was damaged or edited: `);
    const cases: [string, RegExp][] = [
      [before.replace('"file"', '"mine"'), damaged("its own checksum does not match")],
      [before.trimEnd(), damaged("its own checksum does not match")],
      [before.slice(0, -3), damaged("it is not valid JSON")],
      ["{}", damaged("it does not list checksums of automlp's files")],
      [
        JSON.stringify(newer),
        /the record of its folder has format version 3, this program reads 2; use a newer/,
      ],
    ];
    for (const [content, message] of cases) {
      write(path, content);
      assert.throws(() => FolderRecord.read(folder), { name: "InputError", message });
    }
  }));

Deno.test("what is not in the record is not removed or replaced, and what is gone already is no error", () =>
  withFolder(async (dir) => {
    const { folder, record } = empty(dir);
    await record.put("file", writing("one"));
    write(join(folder, "notes"));
    await record.remove("notes");
    await assert.rejects(record.put("notes", writing("")), /something is there that automlp did not write/);
    assert.equal(text(join(folder, "notes")), "mine");
    Deno.removeSync(join(folder, "file"));
    await record.remove("file");
  }));

Deno.test("edits of a file of ours are refused to be replaced where that is asked for", () =>
  withFolder(async (dir) => {
    const { folder, record } = empty(dir), put = () => record.put("page", writing("new"), { unedited: true });
    await put();
    await put();
    write(join(folder, "page"), "edited");
    await assert.rejects(
      put(),
      /^InputError: Cannot write .*page: it was changed since automlp wrote it; move it/,
    );
    assert.equal(text(join(folder, "page")), "edited");
  }));

Deno.test("nothing is written, moved or removed through a folder that is a link, nor through a linked record", () =>
  withFolder(async (dir) => {
    const { folder, record } = empty(dir), elsewhere = join(dir, "elsewhere");
    await record.put("model/weights", writing("heavy"));
    Deno.renameSync(join(folder, "model"), elsewhere);
    Deno.symlinkSync(elsewhere, join(folder, "model"));
    const other = FolderRecord.read(folder)!,
      refused = /^InputError: Cannot write .*: .*model is a link; put a folder/;
    await assert.rejects(other.put("model/weights", writing("light")), refused);
    await assert.rejects(other.move("model/weights", "weights"), refused);
    await assert.rejects(other.remove("model/weights"), refused);
    assert.equal(text(join(elsewhere, "weights")), "heavy");

    Deno.renameSync(join(folder, RECORD), join(dir, "record"));
    Deno.symlinkSync(join(dir, "record"), join(folder, RECORD));
    assert.throws(() => FolderRecord.read(folder), /InputError: Cannot read .*checksums.json: it is a link/);
    await assert.rejects(other.put("file", writing("")), /it is a link/);
    assert.equal(Deno.readLinkSync(join(folder, RECORD)), join(dir, "record"));
  }));

Deno.test("nothing is changed in a folder that came into the place of the one that was opened, even while a file was written", () =>
  withFolder(async (dir) => {
    const { folder, record } = empty(dir),
      moved = /^InputError: Cannot write to .*run: the folder was moved, /;
    await record.put("file", writing("mine"));
    await assert.rejects(
      record.put("file", (part) => {
        write(part, "more");
        Deno.renameSync(folder, join(dir, "moved"));
        empty(dir);
      }),
      moved,
    );
    await FolderRecord.read(folder)!.put("file", writing("theirs"));
    const before = text(join(folder, RECORD));
    await assert.rejects(record.put("file", writing("more")), moved);
    await assert.rejects(record.move("file", "before"), moved);
    await assert.rejects(record.remove("file"), moved);
    assert.deepEqual([text(join(folder, "file")), text(join(folder, RECORD))], ["theirs", before]);
    assert.deepEqual(namesIn(folder), [RECORD, "file"]);
    assert.equal(text(join(dir, "moved", "file")), "mine");
  }));

Deno.test("of a folder it is known what is ours, changed, or somebody else's; only ours goes, its record last", () =>
  withFolder(async (dir) => {
    const folder = await ours(join(dir, "export"), EXPORT, ["same", "deep/same", "changed", "deep/gone"]);
    write(join(folder, "changed"), "edited");
    Deno.removeSync(join(folder, "deep/gone"));
    write(join(folder, "deep/thesis"));
    write(partPath(join(folder, "same")));
    Deno.mkdirSync(join(folder, "empty"));
    Deno.symlinkSync("/nowhere", join(folder, "link"));
    const { own, changed, strangers, record } = examine(folder)!;
    assert.equal(record.kind, "export");
    assert.deepEqual([own.sort(), changed, strangers.sort()], [
      [partPath("same"), RECORD, "deep/same", "same"].sort(),
      ["changed"],
      ["deep/thesis", "empty", "link"],
    ]);
    assert.deepEqual(removeFiles(folder, own).sort(), ["changed", "deep", "deep/thesis", "link"]);
    for (const name of ["same", "deep/same", RECORD]) write(join(folder, name), "");
    assert.equal(examine(join(dir)), undefined);
  }));

Deno.test("a file has the hash of its bytes, of however many pieces it is", () =>
  withFolder(async (dir) => {
    assert.equal(hashOf("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const path = join(dir, "file"), piece = 1 << 20;
    for (const size of [0, 1, piece, 2 * piece + 12_345]) {
      const bytes = Uint8Array.from({ length: size }, (_, i) => (i >> 8) ^ i), sizes: number[] = [];
      Deno.writeFileSync(path, bytes);
      assert.equal(hashFileSync(path), hashOf(bytes));
      assert.equal(await hashFile(path, { onBytes: (n) => sizes.push(n) }), hashOf(bytes));
      assert.equal(sizes.reduce((a, b) => a + b, 0), size);
    }
    await assert.rejects(hashFile(path, { signal: AbortSignal.abort() }), { name: "AbortError" });
  }));
