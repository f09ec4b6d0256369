import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { claimFolder } from "../../../../pipeline/contract/files/claim.ts";
import { lockPath, newPath, oldPath } from "../../../../pipeline/contract/files/stage.ts";
import {
  dropQuietly,
  isOwnFolder,
  makeOwnFolder,
  placeFolder,
  removeOwnFolder,
  stageFolder,
} from "../../../../pipeline/contract/files/swap.ts";
import { withFolder } from "../../../folders.ts";
import { root } from "../../../paths.ts";
import { DATA, killedBefore, namesIn, ours, text, write } from "./ours.ts";

const claim = (folder: string, overwrite = false) =>
  claimFolder(folder, DATA, { what: "the folder", overwrite });

/** Makes a folder with one file at a place; returns the warning of the swap. */
async function make(folder: string, content: string, overwrite = false): Promise<string | undefined> {
  const staged = await stageFolder(claim(folder, overwrite));
  try {
    write(join(staged.path, "file"), content);
    staged.record.enter("file");
    return await placeFolder(staged);
  } catch (error) {
    staged.lock.close(); // as when the process ends
    throw error;
  }
}

const content = (folder: string) => text(join(folder, "file"));

Deno.test("a folder takes the place of nothing, of an empty one, and of its like", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "deep", "data");
    assert.equal(await make(folder, "one"), undefined);
    assert.equal(await make(folder, "two"), undefined);
    assert.equal(content(folder), "two");
    assert.deepEqual(namesIn(join(dir, "deep")), ["data"]);
    assert.deepEqual(namesIn(folder), ["checksums.json", "file"]);
    Deno.mkdirSync(join(dir, "empty"));
    await make(join(dir, "empty"), "three");
    assert.equal(content(join(dir, "empty")), "three");
  }));

Deno.test("where a folder under way is dropped, those that were made for it go, too, but for what has come into them", () =>
  withFolder(async (dir) => {
    const there = join(dir, "there");
    Deno.mkdirSync(there);
    dropQuietly(await stageFolder(claim(join(there, "a", "b", "data"))));
    assert.deepEqual(namesIn(there), []);
    const staged = await stageFolder(claim(join(there, "a", "b", "data")));
    write(join(there, "a", "mine"));
    dropQuietly(staged);
    assert.deepEqual(namesIn(join(there, "a")), ["mine"]);
    Deno.mkdirSync(join(there, "empty"));
    dropQuietly(await stageFolder(claim(join(there, "empty", "data"))));
    assert.deepEqual(namesIn(there), ["a", "empty"], "an empty folder of somebody else stays");
  }));

Deno.test("one process at a time writes to a place; another is refused, or waits", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "data"), first = await stageFolder(claim(folder));
    await assert.rejects(
      stageFolder(claim(folder)),
      /^InputError: Cannot write .*data: another command is at work for it; wait for its end, or choose another folder/,
    );
    const second = stageFolder(claim(folder), { wait: true });
    await placeFolder(first);
    dropQuietly(await second);
    assert.deepEqual(namesIn(dir), ["data"]);
  }));

Deno.test("what came into the old folder since it was looked at is kept, and said where", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "data"), old = oldPath(folder);
    await make(folder, "one");
    const staged = await stageFolder(claim(folder));
    write(join(folder, "thesis"));
    assert.match((await placeFolder(staged))!, /what automlp did not write .* \(thesis\) is kept in .*-old$/);
    await assert.rejects(
      make(folder, "two"),
      /-old, which was replaced, holds what automlp did not write; move it/,
    );
    assert.equal(text(join(old, "thesis")), "mine");
    Deno.renameSync(old, join(dir, "mine"));
    await make(folder, "two");
    assert.deepEqual(namesIn(dir), ["data", "mine"]);
  }));

Deno.test("a private folder stays private when it is replaced", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "data");
    for (const mode of [0o700, 0o2770]) {
      await make(folder, "one");
      Deno.chmodSync(folder, mode);
      await make(folder, "two");
      assert.equal(Deno.statSync(folder).mode! & 0o7777, mode);
    }
  }));

Deno.test("where nothing can be begun, nothing is left", () =>
  withFolder(async (dir) => {
    // A name too long for the temporary folder of work under way.
    const tooLong = { ...claim(join(dir, "data")), path: join(dir, "x".repeat(250)) };
    await assert.rejects(stageFolder(tooLong), /File name too long/);
    assert.deepEqual(namesIn(dir), []);
  }));

Deno.test("a place that was taken by somebody else in the meantime is left alone", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "data"), moved = join(dir, "moved");
    /** Begins to replace a folder, lets something happen, and tries to put the new one in place. */
    const meanwhile = async (happens: () => void, says: RegExp) => {
      const staged = await stageFolder(claim(folder));
      happens();
      await assert.rejects(placeFolder(staged), says);
      dropQuietly(staged);
    };
    await meanwhile(
      () => write(join(folder, "thesis")),
      /InputError: .*something else was put there meanwhile; try again/,
    );
    assert.deepEqual([namesIn(dir), namesIn(folder)], [["data"], ["thesis"]]);
    Deno.removeSync(folder, { recursive: true });
    await make(folder, "one");
    await meanwhile(() => {
      Deno.renameSync(folder, moved);
      Deno.symlinkSync(moved, folder);
    }, /InputError: .*another folder has come there since/);
    assert.deepEqual([content(moved), Deno.readLinkSync(folder)], ["one", moved]);
  }));

Deno.test("a kill before or after each rename leaves the old folder or the new one, whole, and goes with the next writing", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "data");
    await make(folder, "one");
    await killedBefore("automlp-old", () => make(folder, "two"));
    assert.equal(content(folder), "one");
    await make(folder, "three");
    assert.deepEqual([content(folder), namesIn(dir)], ["three", ["data"]]);

    await killedBefore("data", () => make(folder, "four")); // between the two renames
    assert.deepEqual([namesIn(dir).includes("data"), content(oldPath(folder))], [false, "three"]);
    const { previous } = claim(folder);
    assert(previous, "the old folder was put back");
    assert.deepEqual([content(folder), namesIn(dir)], ["three", ["data"]]);

    // After the second rename, anywhere in the removal of the old folder.
    for (const left of [["checksums.json", "file"], ["checksums.json"], []]) {
      await make(join(dir, "other"), "old", true);
      Deno.renameSync(join(dir, "other"), oldPath(folder));
      namesIn(oldPath(folder)).filter((name) => !left.includes(name))
        .forEach((name) => Deno.removeSync(join(oldPath(folder), name)));
      write(lockPath(folder), "");
      await make(folder, "five");
      assert.deepEqual([content(folder), namesIn(dir)], ["five", ["data"]], `left ${left}`);
    }
  }));

Deno.test("what has the name of a leftover and is not ours stays, and is in the way", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "data");
    write(join(newPath(folder), "thesis"));
    await assert.rejects(make(folder, "one"), Deno.errors.AlreadyExists);
    assert.equal(text(join(newPath(folder), "thesis")), "mine");
  }));

Deno.test("a writer killed at any moment leaves the old folder or the new one, whole", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "data"), file = join(dir, "writer.ts");
    const files = new URL("../../../../pipeline/contract/files", import.meta.url).href;
    Deno.writeTextFileSync(
      file,
      `import { claimFolder } from "${files}/claim.ts";
       import { placeFolder, stageFolder } from "${files}/swap.ts";
       for (let i = 0;; i++) {
         const staged = await stageFolder(claimFolder(${
        JSON.stringify(folder)
      }, { name: "dataset" }, { what: "it" }));
         for (const part of ["a", "b"]) {
           Deno.writeTextFileSync(staged.path + "/" + part, String(i));
           staged.record.enter(part);
         }
         await placeFolder(staged);
       }`,
    );
    const read = (part: string) => {
      try {
        return text(join(folder, part));
      } catch {
        return undefined;
      }
    };
    let seen = -1;
    for (let round = 0; round < 5; round++) {
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "--config", join(root, "deno.json"), "--no-check", "-RWE", file],
        stderr: "inherit",
      }).spawn();
      const before = read("a");
      let alive = true; // it keeps writing until it is killed, however long it takes to start
      child.status.then(() => alive = false);
      while (alive && (read("a") ?? before) === before) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await new Promise((resolve) => setTimeout(resolve, round * 3));
      child.kill("SIGKILL");
      await child.status;
      claim(folder);
      assert.notEqual(read("a"), undefined, "the folder is always there");
      assert.equal(read("a"), read("b"), "and whole");
      seen = Math.max(seen, Number(read("a")));
    }
    assert(seen > 0);
    await make(folder, "last", true);
    assert.deepEqual(namesIn(dirname(folder)), ["data", "writer.ts"]);
  }));

Deno.test("a folder for other programs is removed with everything in it, but not through links; another only if empty", () =>
  withFolder(async (dir) => {
    const own = join(dir, "own"), theirs = await ours(join(dir, "theirs"));
    makeOwnFolder(own);
    assert.throws(() => makeOwnFolder(own), Deno.errors.AlreadyExists);
    write(join(own, "deep/lib.so"));
    Deno.symlinkSync(theirs, join(own, "deep/link"));
    assert.deepEqual([isOwnFolder(own), isOwnFolder(theirs), isOwnFolder(join(dir, "none"))], [
      true,
      false,
      false,
    ]);
    assert.equal(removeOwnFolder(own), true);
    assert.equal(removeOwnFolder(theirs), false);
    Deno.mkdirSync(own);
    assert.equal(removeOwnFolder(own), true, "its maker was killed before it was marked");
    assert.deepEqual(namesIn(dir), ["theirs"]);
    assert.deepEqual(namesIn(theirs), ["checksums.json", "table"]);
  }));
