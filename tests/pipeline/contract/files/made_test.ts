import assert from "node:assert/strict";
import { join } from "node:path";
import { makeOwnFolder, removeOwnFolder } from "../../../../pipeline/contract/files/made.ts";
import { withFolder } from "../../../folders.ts";

const namesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
const write = (path: string) => Deno.writeTextFileSync(path, "mine");

Deno.test("a folder that was made goes with everything in it; what its links lead to stays", () =>
  withFolder((dir) => {
    const folder = join(dir, "made"), other = join(dir, "other");
    Deno.mkdirSync(other);
    write(join(other, "thesis"));
    makeOwnFolder(folder);
    Deno.mkdirSync(join(folder, "deep", "er"), { recursive: true });
    write(join(folder, "deep", "er", "file"));
    Deno.symlinkSync(other, join(folder, "deep", "link"));
    assert(removeOwnFolder(folder));
    assert.deepEqual([namesIn(dir), namesIn(other)], [["other"], ["thesis"]]);
    assert(removeOwnFolder(folder), "nothing is there");
  }));

Deno.test("a folder without the mark, with a copied or a broken one, or under another id stays as it is", () =>
  withFolder((dir) => {
    const made = join(dir, "made"), id = crypto.randomUUID();
    makeOwnFolder(made, id);
    const [mark] = namesIn(made);
    const others = { plain: undefined, copied: mark, broken: mark, linked: mark };
    for (const name of Object.keys(others)) {
      Deno.mkdirSync(join(dir, name));
      write(join(dir, name, "thesis"));
    }
    Deno.copyFileSync(join(made, mark), join(dir, "copied", mark));
    write(join(dir, "broken", mark));
    Deno.symlinkSync(join(made, mark), join(dir, "linked", mark));
    for (const [name, file] of Object.entries(others)) {
      assert(!removeOwnFolder(join(dir, name)), name);
      assert.deepEqual(namesIn(join(dir, name)), file ? [mark, "thesis"] : ["thesis"]);
    }
    assert(!removeOwnFolder(made, crypto.randomUUID()));
    Deno.symlinkSync(made, join(dir, "link"));
    assert(!removeOwnFolder(join(dir, "link")), "a link is none of ours");
    assert.deepEqual(namesIn(made), [mark]);
    Deno.renameSync(made, join(dir, "renamed"));
    assert(!removeOwnFolder(join(dir, "renamed")));
    assert(removeOwnFolder(join(dir, "renamed"), id));
  }));

Deno.test("nothing that is there is made into a folder of ours; an empty one may go", () =>
  withFolder((dir) => {
    Deno.mkdirSync(join(dir, "theirs"));
    assert.throws(() => makeOwnFolder(join(dir, "theirs")), Deno.errors.AlreadyExists);
    assert.deepEqual(namesIn(join(dir, "theirs")), []);
    assert(removeOwnFolder(join(dir, "theirs")));
    write(join(dir, "file"));
    assert(!removeOwnFolder(join(dir, "file")));
    assert.deepEqual(namesIn(dir), ["file"]);
  }));
