import assert from "node:assert/strict";
import { join } from "node:path";
import { onChange } from "../../../../pipeline/contract/files/changes.ts";
import { hashOf } from "../../../../pipeline/contract/files/hash.ts";
import { FolderRecord, readTextSync, RECORD } from "../../../../pipeline/contract/files/record.ts";
import { withFolder } from "../../../folders.ts";

const text = (path: string) => Deno.readTextFileSync(path);
const writing = (content: string) => (part: string) => Deno.writeTextFileSync(part, content);

/** Makes an empty run folder. */
function empty(dir: string): { folder: string; record: FolderRecord } {
  const folder = join(dir, "run");
  Deno.mkdirSync(folder);
  const record = FolderRecord.begin(folder, "run");
  record.saveSync();
  return { folder, record };
}

Deno.test("a damaged file is not moved over a good one, and gets no checksum by which it would be good", () =>
  withFolder(async (dir) => {
    const { folder, record } = empty(dir);
    await record.put("before", writing("good"));
    await record.put("last", writing("good too"));
    Deno.writeTextFileSync(join(folder, "last"), "damaged");
    await record.move("last", "before");
    assert.equal(text(join(folder, "before")), "good");
    const now = FolderRecord.read(folder)!;
    now.check("before", hashOf("good"));
    assert.throws(() => now.check("last", hashOf("damaged")), /its checksum does not match/);
    await FolderRecord.read(folder)!.put("last", writing("new"));
    FolderRecord.read(folder)!.check("last", hashOf("new"));
  }));

Deno.test("a good file that is moved is one by its new name, also if it is killed in between", () =>
  withFolder(async (dir) => {
    const { folder, record } = empty(dir);
    await record.put("before", writing("old"));
    await record.put("last", writing("new"));
    onChange((change) => {
      if (change === "rename last to before") throw new Error("killed");
    });
    try {
      await assert.rejects(record.move("last", "before"), /killed/);
    } finally {
      onChange(() => {});
    }
    for (const content of ["old", "new"]) FolderRecord.read(folder)!.check("before", hashOf(content));
    await FolderRecord.read(folder)!.move("last", "before");
    assert.equal(text(join(folder, "before")), "new");
    FolderRecord.read(folder)!.check("before", hashOf("new"));
  }));

Deno.test("a record that was edited or damaged is not believed", () =>
  withFolder(async (dir) => {
    const { folder, record } = empty(dir), path = join(folder, RECORD);
    await record.put("file", writing("one"));
    const before = text(path), edited = before.replace('"file"', '"mine"');
    assert.notEqual(edited, before);
    for (
      const [content, problem] of [
        [edited, "its own checksum does not match"],
        [before.trimEnd(), "its own checksum does not match"],
        [before.slice(0, -3), "it is not valid JSON"],
        ["{}", "it does not list checksums of automlp's files"],
      ]
    ) {
      Deno.writeTextFileSync(path, content);
      assert.throws(() => FolderRecord.read(folder), {
        name: "InputError",
        message: new RegExp(`^Cannot read .*checksums.json: ${problem}; it was damaged or edited: `),
      });
    }
  }));

Deno.test("a record of a newer version, or of a kind that it has, is no damaged one", () =>
  withFolder((dir) => {
    const { folder } = empty(dir), path = join(folder, RECORD);
    const { checksum: _, ...facts } = JSON.parse(text(path));
    const write = (value: object) =>
      Deno.writeTextFileSync(
        path,
        JSON.stringify({ ...value, checksum: hashOf(JSON.stringify(value)) }, null, 2) + "\n",
      );
    write({ ...facts, version: 2, files: [] });
    assert.throws(() => FolderRecord.read(folder), {
      name: "InputError",
      message:
        `Cannot read ${path}: the record of its folder has format version 2, this program knows up to 1; use a newer automlp`,
    });
    write({ ...facts, kind: "corpus" });
    assert.throws(() => FolderRecord.read(folder), {
      name: "InputError",
      message:
        `Cannot read ${path}: this program does not know the kind of its folder, corpus; use a newer automlp`,
    });
    // An edited record is not trusted at all.
    Deno.writeTextFileSync(path, text(path).replace("corpus", "nonsense"));
    assert.throws(() => FolderRecord.read(folder), /its own checksum does not match/);
  }));

Deno.test("what is not in the record is not removed, and what is gone already is no error", () =>
  withFolder(async (dir) => {
    const { folder, record } = empty(dir);
    await record.put("file", writing("one"));
    Deno.writeTextFileSync(join(folder, "notes"), "mine");
    assert.equal(await record.remove("notes"), undefined);
    assert.equal(text(join(folder, "notes")), "mine");
    Deno.removeSync(join(folder, "file"));
    assert.equal(await record.remove("file"), undefined);
  }));

Deno.test("a text that is larger than is sensible is not read", () =>
  withFolder((dir) => {
    const path = join(dir, "text");
    Deno.writeTextFileSync(path, "four");
    assert.equal(readTextSync(path, 4), "four");
    assert.throws(() => readTextSync(path, 3), {
      message: `Cannot read ${path}: it has 4 bytes, at most 3 are sensible`,
    });
  }));

Deno.test("a kill while a damaged file is replaced does not leave it as a good one", () =>
  withFolder(async (dir) => {
    const { folder, record } = empty(dir);
    await record.put("file", writing("one"));
    Deno.writeTextFileSync(join(folder, "file"), "damaged");
    const kill = (change: string) => {
      if (change === "rename file") throw new Error("killed");
    };
    onChange(kill);
    try {
      await assert.rejects(FolderRecord.read(folder)!.put("file", writing("two")), /killed/);
    } finally {
      onChange(() => {});
    }
    assert.equal(text(join(folder, "file")), "damaged");
    assert.throws(
      () => FolderRecord.read(folder)!.check("file", hashOf("damaged")),
      /its checksum does not match/,
    );
  }));

Deno.test("edits of a file of ours are refused to be replaced where that is asked for", () =>
  withFolder(async (dir) => {
    const { folder, record } = empty(dir),
      put = () => record.put("page", writing("new"), { edits: "refuse" });
    await put();
    await put();
    const other = FolderRecord.read(folder)!;
    Deno.writeTextFileSync(join(folder, "page"), "edited");
    await assert.rejects(
      other.put("page", writing("two"), { edits: "refuse" }),
      /^InputError: Cannot write .*page: it was changed since automlp wrote it; move it/,
    );
    assert.equal(text(join(folder, "page")), "edited");
  }));

Deno.test("or set aside, by a name of their own each time, also where the same object wrote the file before", () =>
  withFolder(async (dir) => {
    const { folder, record } = empty(dir), edits = { edits: "set aside" } as const;
    const edit = (content: string) => Deno.writeTextFileSync(join(folder, "page.html"), content);
    assert.equal(await record.put("page.html", writing("one"), edits), undefined);
    assert.equal(await record.put("page.html", writing("two"), edits), undefined);
    edit("mine");
    const full = () => {
      throw new Deno.errors.WriteZero("no room");
    };
    await assert.rejects(record.put("page.html", full, edits), /^InputError: Cannot write .*no room/);
    assert.equal(text(join(folder, "page.html")), "mine");
    assert.equal(await record.put("page.html", writing("three"), edits), "page.edited.html");
    edit("mine again");
    assert.equal(await record.remove("page.html", edits), "page.edited-2.html");
    assert.equal(await record.put("page.html", writing("four"), edits), undefined);
    assert.equal(await record.remove("page.html", edits), undefined);
    assert.equal(text(join(folder, "page.edited.html")), "mine");
    assert.equal(text(join(folder, "page.edited-2.html")), "mine again");
    assert.deepEqual(FolderRecord.read(folder)!.paths(), []); // they are no longer ours
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

Deno.test("nothing is written, moved or removed in a folder that came into the place of the one that was opened", () =>
  withFolder(async (dir) => {
    const { folder, record } = empty(dir),
      moved = /^InputError: Cannot write to .*run: the folder was moved, /;
    await record.put("file", writing("mine"));
    Deno.renameSync(folder, join(dir, "moved"));
    await assert.rejects(record.put("file", writing("more")), moved);
    assert.deepEqual([...Deno.readDirSync(dir)].map(({ name }) => name), ["moved"]);
    const other = empty(dir).record;
    await other.put("file", writing("theirs"));
    const before = text(join(folder, RECORD));
    await assert.rejects(record.put("file", writing("more")), moved);
    await assert.rejects(record.move("file", "before"), moved);
    await assert.rejects(record.remove("file"), moved);
    assert.deepEqual([text(join(folder, "file")), text(join(folder, RECORD))], ["theirs", before]);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [RECORD, "file"]);
    assert.equal(text(join(dir, "moved", "file")), "mine");
  }));

Deno.test("also where that was done while a file was written", () =>
  withFolder(async (dir) => {
    const { folder, record } = empty(dir);
    await record.put("file", writing("mine"));
    const swapping = (part: string) => {
      Deno.writeTextFileSync(part, "more");
      Deno.renameSync(folder, join(dir, "moved"));
      empty(dir);
    };
    await assert.rejects(
      record.put("file", swapping),
      /^InputError: Cannot write to .*run: the folder was moved, /,
    );
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), [RECORD]);
    assert.equal(text(join(dir, "moved", "file")), "mine");
  }));
