import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { onChange } from "../../../../pipeline/contract/files/changes.ts";
import { partPath } from "../../../../pipeline/contract/files/names.ts";
import { replaceFileByPath, writeText, writeTextSync } from "../../../../pipeline/contract/files/write.ts";
import { withFolder } from "../../../folders.ts";

const namesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("a file is replaced in one step, and every step is announced before it", () =>
  withFolder(async (dir) => {
    const path = join(dir, "deep", "top.csv"), seen: string[] = [];
    const state = () => namesIn(dir).includes("deep") ? namesIn(join(dir, "deep")).length : "nothing";
    onChange((change) => seen.push(`${change}: ${state()}`));
    try {
      await writeText(path, "one");
    } finally {
      onChange(() => {});
    }
    assert.deepEqual(seen, [
      "mkdir deep: nothing",
      "create top.csv: 0",
      "write top.csv: 1",
      "rename top.csv: 1",
    ]);
    assert.deepEqual(namesIn(join(dir, "deep")), ["top.csv"]);
  }));

Deno.test("a file of any length is written, and where it cannot be nothing is left beside its place", () =>
  withFolder(async (dir) => {
    for (const content of ["", "1", "12"]) {
      await writeText(join(dir, "file"), content);
      assert.equal(Deno.readTextFileSync(join(dir, "file")), content);
    }
    Deno.mkdirSync(join(dir, "taken", "deep"), { recursive: true });
    const refused = /^(WritingFailed|InputError): Cannot write .*taken/;
    await assert.rejects(writeText(join(dir, "taken"), "x"), refused);
    assert.throws(() => writeTextSync(join(dir, "taken"), "x"), refused);
    assert.deepEqual(namesIn(dir), ["file", "taken"]);
  }));

Deno.test("what a killed process left under way goes with the next writing; the living and others' stay", () =>
  withFolder(async (dir) => {
    const path = join(dir, "top.csv"), leftover = partPath(path, crypto.randomUUID());
    const others = [partPath(join(dir, "other.csv"), crypto.randomUUID()), join(dir, ".top.csv.part")];
    for (const file of [leftover, ...others]) Deno.writeTextFileSync(file, "half");
    let living = "";
    await replaceFileByPath(path, async (part) => {
      living = part;
      await writeText(path, "between");
      assert(namesIn(dir).includes(basename(part)), "the living one is left alone");
      Deno.writeTextFileSync(part, "last");
    });
    assert.notEqual(living, "");
    assert.deepEqual(namesIn(dir), [...others.map((file) => basename(file)), "top.csv"].sort());
    assert.equal(Deno.readTextFileSync(path), "last");
  }));
