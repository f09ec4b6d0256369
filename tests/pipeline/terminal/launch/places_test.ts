import assert from "node:assert/strict";
import { join } from "node:path";
import { lockPath, newPath, oldPath, partPath } from "../../../../pipeline/contract/files/stage.ts";
import { replacedFile, replacedFolder, wholeFolder } from "../../../../pipeline/terminal/launch/places.ts";
import { withFolder } from "../../../folders.ts";

const besides = (place: string) => [newPath, oldPath, lockPath].map((name) => name(place));

/** A folder for a test, by its path without links. */
const inFolder = (test: (dir: string) => void) => withFolder((dir) => test(Deno.realPathSync(dir)));

Deno.test("a folder is replaced by itself and what is under way beside it", () =>
  inFolder((dir) => {
    const place = join(dir, "data");
    assert.deepEqual(replacedFolder(place), [place, ...besides(place)]);
  }));

Deno.test("where the folder above is missing, it is made", () =>
  inFolder((dir) => {
    assert.deepEqual(replacedFolder(join(dir, "a", "b", "data")), [join(dir, "a", "b")]);
  }));

Deno.test("a link at the place is followed, and what is beside the link stays out of reach", () =>
  inFolder((dir) => {
    const real = join(dir, "disk", "data"), link = join(dir, "link");
    Deno.mkdirSync(real, { recursive: true });
    Deno.symlinkSync(real, link);
    assert.deepEqual(replacedFolder(link), [real, ...besides(real)]);
    assert.deepEqual(wholeFolder(link), [link, real]);
    assert.deepEqual(wholeFolder(join(link, "new")), [join(link, "new"), join(real, "new")]);
    assert.deepEqual(replacedFile(join(link, "x.csv")), [
      join(real, "x.csv"),
      partPath(join(real, "x.csv")),
    ]);
  }));

Deno.test("a file is replaced by itself and what is under way beside it", () =>
  inFolder((dir) => {
    const place = join(dir, "top.csv");
    assert.deepEqual(replacedFile(place), [place, partPath(place)]);
    assert.deepEqual(replacedFile(join(dir, "nowhere", "top.csv")), []);
  }));
