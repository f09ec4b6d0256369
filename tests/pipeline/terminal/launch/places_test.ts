import assert from "node:assert/strict";
import { join } from "node:path";
import { lockPath, partPath, previousPath, stagedPath } from "../../../../pipeline/contract/files/names.ts";
import {
  recoveredFolder,
  replacedFile,
  replacedFolder,
  wholeFolder,
} from "../../../../pipeline/terminal/launch/places.ts";
import { withFolder } from "../../../folders.ts";

const ID = "00000001-1111-4222-8333-444444444444", OLD = "00000002-1111-4222-8333-444444444444";
const besides = (place: string, id: string) =>
  [stagedPath, lockPath, previousPath].map((name) => name(place, id));

/** A folder for a test, by its path without links. */
const inFolder = (test: (dir: string) => void) => withFolder((dir) => test(Deno.realPathSync(dir)));

Deno.test("a folder is replaced by itself and what is under way beside it", () =>
  inFolder((dir) => {
    const place = join(dir, "data");
    assert.deepEqual(replacedFolder(place, ID), [place, ...besides(place, ID)]);
    Deno.mkdirSync(place);
    Deno.mkdirSync(stagedPath(place, OLD));
    Deno.mkdirSync(stagedPath(join(dir, "data2"), OLD));
    assert.deepEqual(replacedFolder(place, ID), [place, ...besides(place, ID), ...besides(place, OLD)]);
  }));

Deno.test("where the folder above is missing, it is made", () =>
  inFolder((dir) => {
    assert.deepEqual(replacedFolder(join(dir, "a", "b", "data"), ID), [join(dir, "a", "b")]);
  }));

Deno.test("a link at the place is followed, and what is beside the link stays out of reach", () =>
  inFolder((dir) => {
    const real = join(dir, "disk", "data"), link = join(dir, "link");
    Deno.mkdirSync(real, { recursive: true });
    Deno.symlinkSync(real, link);
    assert.deepEqual(replacedFolder(link, ID), [real, ...besides(real, ID)]);
    assert.deepEqual(wholeFolder(link), [link, real]);
    assert.deepEqual(wholeFolder(join(link, "new")), [join(link, "new"), join(real, "new")]);
    assert.deepEqual(replacedFile(join(link, "x.csv"), ID), [
      join(real, "x.csv"),
      partPath(join(real, "x.csv"), ID),
    ]);
  }));

Deno.test("a file is replaced by itself and what is under way beside it", () =>
  inFolder((dir) => {
    const place = join(dir, "top.csv");
    Deno.writeTextFileSync(partPath(place, OLD), "");
    assert.deepEqual(replacedFile(place, ID), [place, partPath(place, ID), partPath(place, OLD)]);
    assert.deepEqual(replacedFile(join(dir, "nowhere", "top.csv"), ID), []);
  }));

Deno.test("a folder that is read is put back only if it is gone and its old one is there", () =>
  inFolder((dir) => {
    const place = join(dir, "data");
    assert.deepEqual(recoveredFolder(place), []);
    assert.deepEqual(recoveredFolder(join(dir, "nowhere", "data")), []);
    Deno.mkdirSync(previousPath(place, OLD));
    assert.deepEqual(recoveredFolder(place), [place, ...besides(place, OLD)]);
    Deno.mkdirSync(place);
    assert.deepEqual(recoveredFolder(place), []);
  }));
