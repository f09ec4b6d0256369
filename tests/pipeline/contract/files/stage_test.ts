import assert from "node:assert/strict";
import { join } from "node:path";
import {
  partPath,
  replaceFileByPath,
  tryFile,
  writeText,
  writeTextSync,
} from "../../../../pipeline/contract/files/stage.ts";
import { withFolder } from "../../../folders.ts";
import { killedBefore, namesIn, refused, text, write } from "./ours.ts";

Deno.test.sanitizer({ ops: true, resources: true });

Deno.test("a file is replaced in one step; a kill before it leaves the old one, and the next writer removes what is left", () =>
  withFolder(async (dir) => {
    const path = join(dir, "deep", "top.csv");
    await writeText(path, "old");
    await killedBefore("top.csv", () => writeText(path, "new"));
    assert.deepEqual([text(path), namesIn(join(dir, "deep"))], ["old", [".top.csv.automlp-part", "top.csv"]]);
    await killedBefore("top.csv", () => writeTextSync(path, "new"));
    assert.equal(text(path), "old");
    await writeText(path, "new");
    assert.deepEqual([text(path), namesIn(join(dir, "deep"))], ["new", ["top.csv"]]);
  }));

Deno.test("of a file that cannot be finished nothing is left", () =>
  withFolder(async (dir) => {
    const path = join(dir, "top.csv");
    await assert.rejects(
      replaceFileByPath(path, (part) => {
        Deno.writeTextFileSync(part, "half");
        throw new Deno.errors.WriteZero("no room");
      }),
      /^InputError: Cannot write .*top.csv: no room/,
    );
    tryFile(path);
    assert.deepEqual(namesIn(dir), []);
  }));

Deno.test("two who write the same file take turns, and each file is whole", () =>
  withFolder(async (dir) => {
    const path = join(dir, "top.csv"),
      contents = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(1000 + i));
    await Promise.all(contents.map((content) => writeText(path, content)));
    assert(contents.includes(text(path)));
    assert.deepEqual(namesIn(dir), ["top.csv"]);
  }));

Deno.test("nothing is written through a link that has the name of an unfinished file", () =>
  withFolder(async (dir) => {
    const path = join(dir, "top.csv"), diary = join(dir, "diary");
    write(diary);
    Deno.symlinkSync(diary, partPath(path));
    await assert.rejects(writeText(path, "new"), /InputError: Cannot write .*-part: it is a link; remove it/);
    refused(() => writeTextSync(path, "new"), /it is a link/);
    assert.equal(text(diary), "mine");
  }));

Deno.test("a file that is there stays where that is asked for", () =>
  withFolder((dir) => {
    const path = join(dir, "record");
    for (const content of ["one", "two"]) writeTextSync(path, content, { keep: true });
    assert.equal(text(path), "one");
  }));
