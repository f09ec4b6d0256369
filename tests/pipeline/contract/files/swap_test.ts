import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { claimFolder } from "../../../../pipeline/contract/files/place.ts";
import { onChange } from "../../../../pipeline/contract/files/changes.ts";
import { recoverFolder } from "../../../../pipeline/contract/files/leftovers.ts";
import { FolderRecord } from "../../../../pipeline/contract/files/record.ts";
import { dropQuietly, placeFolder, stageFolder } from "../../../../pipeline/contract/files/swap.ts";
import { withFolder } from "../../../folders.ts";
import { root } from "../../../paths.ts";

const ID = "12345678-1234-4234-8234-123456789abc";
const claim = (folder: string) => claimFolder(folder, "fixtures", { what: "the folder" });
const namesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

/** Makes a folder with one file at a place; returns the warning of the swap. */
async function make(folder: string, content: string): Promise<string | undefined> {
  const staged = await stageFolder(claim(folder));
  Deno.writeTextFileSync(join(staged.path, "file"), content);
  staged.record.enter("file");
  return await placeFolder(staged);
}

const content = (folder: string) => Deno.readTextFileSync(join(folder, "file"));

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
    Deno.writeTextFileSync(join(there, "a", "mine"), "");
    dropQuietly(staged);
    assert.deepEqual(namesIn(join(there, "a")), ["mine"]);
    Deno.mkdirSync(join(there, "empty"));
    dropQuietly(await stageFolder(claim(join(there, "empty", "data"))));
    assert.deepEqual(namesIn(there), ["a", "empty"], "an empty folder of somebody else stays");
  }));

Deno.test("what came into the old folder since it was looked at is kept, and said where", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "data");
    await make(folder, "one");
    const staged = await stageFolder(claim(folder));
    Deno.writeTextFileSync(join(folder, "thesis"), "mine");
    const warning = await placeFolder(staged);
    const [old] = namesIn(dir).filter((name) => name.startsWith(".data.previous-"));
    assert.match(
      warning!,
      /of the old folder, what automlp did not write .* \(thesis\) is kept in .*previous-/,
    );
    assert.equal(Deno.readTextFileSync(join(dir, old, "thesis")), "mine");
    await make(folder, "two");
    assert.equal(Deno.readTextFileSync(join(dir, old, "thesis")), "mine", "for good");
  }));

Deno.test("a private folder stays private when it is replaced", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "data");
    Deno.mkdirSync(folder, { mode: 0o700 });
    await make(folder, "one");
    await make(folder, "two");
    assert.equal(Deno.statSync(folder).mode! & 0o7777, 0o700);
    Deno.chmodSync(folder, 0o2770);
    await make(folder, "three");
    assert.equal(Deno.statSync(folder).mode! & 0o7777, 0o2770);
  }));

Deno.test("where nothing can be begun, nothing is left", () =>
  withFolder(async (dir) => {
    // A name too long for the temporary folder of work under way.
    const tooLong = { ...claim(join(dir, "data")), path: join(dir, "x".repeat(250)) };
    await assert.rejects(stageFolder(tooLong), /File name too long/);
    assert.deepEqual(namesIn(dir), []);
  }));

Deno.test("a link that has come to the place in the meantime is left alone, and what it leads to", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "data"), moved = join(dir, "moved");
    await make(folder, "one");
    const staged = await stageFolder(claim(folder));
    Deno.renameSync(folder, moved);
    Deno.symlinkSync(moved, folder);
    await assert.rejects(placeFolder(staged), /InputError: .*another folder has come there since/);
    dropQuietly(staged);
    assert.equal(content(moved), "one");
    assert.equal(Deno.readLinkSync(folder), moved);
  }));

Deno.test("a folder that the system does not let be moved stays, and it is said that another place is needed", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "data"), { renameSync } = Deno;
    await make(folder, "one");
    for (
      const [code, text] of [["EXDEV", "Invalid cross-device link"], ["EBUSY", "Device or resource busy"]]
    ) {
      const staged = await stageFolder(claim(folder));
      Deno.renameSync = (from, to) => {
        if (basename(String(from)) === "data") throw Object.assign(new Error(text), { code });
        renameSync(from, to);
      };
      try {
        await assert.rejects(placeFolder(staged), {
          name: "InputError",
          message: new RegExp(
            `data: the system does not let .* \\(${text}\\); choose another folder with --out$`,
          ),
        });
      } finally {
        Deno.renameSync = renameSync;
      }
      dropQuietly(staged);
      assert.deepEqual([content(folder), namesIn(dir)], ["one", ["data"]]);
    }
  }));

Deno.test("a place that was taken by somebody else in the meantime is left alone", () =>
  withFolder(async (dir) => {
    const free = join(dir, "free"), staged = await stageFolder(claim(free));
    Deno.mkdirSync(free);
    Deno.writeTextFileSync(join(free, "thesis"), "mine");
    await assert.rejects(
      placeFolder(staged),
      /^InputError: Cannot put the finished folder at .*free: something else was put there meanwhile; try again, or choose another folder with --out$/,
    );
    dropQuietly(staged);
    assert.deepEqual([namesIn(dir), namesIn(free)], [["free"], ["thesis"]]);

    const taken = join(dir, "taken");
    await make(taken, "one");
    const other = await stageFolder(claim(taken));
    Deno.removeSync(taken, { recursive: true });
    Deno.mkdirSync(taken);
    Deno.writeTextFileSync(join(taken, "thesis"), "mine");
    await assert.rejects(placeFolder(other), /InputError: .*another folder has come there since/);
    dropQuietly(other);
    assert.deepEqual([namesIn(dir), namesIn(taken)], [["free", "taken"], ["thesis"]]);
  }));

Deno.test("leftovers of killed runs are removed if they are provably ours; the living are left alone", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "data"), id = "12345678-1234-4234-8234-123456789abc";
    const living = await stageFolder(claim(folder));
    const leftover = join(dir, `.data.new-${id}`);
    Deno.mkdirSync(leftover);
    FolderRecord.begin(leftover, "fixtures", id).saveSync();
    Deno.writeTextFileSync(join(leftover, "half"), "");
    Deno.writeTextFileSync(`${leftover}.lock`, "");
    const strangers = join(dir, `.data.new-${id.replace("1", "2")}`);
    Deno.mkdirSync(strangers);
    Deno.writeTextFileSync(join(strangers, "thesis"), "mine");
    const named = join(dir, ".data.new-thesis");
    Deno.mkdirSync(named);
    await make(folder, "one");
    assert.deepEqual(
      namesIn(dir).sort(),
      [".data.new-thesis", `.data.new-${id.replace("1", "2")}`, "data"].concat(
        [living.path, `${living.path}.lock`].map((path) => basename(path)),
      ).sort(),
    );
    dropQuietly(living);
  }));

Deno.test("a kill between the two renames is undone by the next reader; nothing else is put back", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "data"), id = "12345678-1234-4234-8234-123456789abc";
    await make(folder, "one");
    const old = join(dir, `.data.previous-${id}`), next = join(dir, `.data.new-${id}`);
    Deno.renameSync(folder, old);
    recoverFolder(folder);
    assert.deepEqual(namesIn(dir), [`.data.previous-${id}`], "the new one had been in place");
    Deno.mkdirSync(next);
    Deno.writeTextFileSync(`${next}.lock`, "");
    recoverFolder(folder);
    assert.equal(content(folder), "one");
    Deno.renameSync(folder, join(dir, "mine"));
    Deno.mkdirSync(old);
    Deno.writeTextFileSync(join(old, "thesis"), "mine");
    recoverFolder(folder);
    assert(!namesIn(dir).includes("data"), "a folder that is not ours is not taken for an old one");
  }));

/** Stops the work right before a change, as a kill would; this process does not continue it. */
async function killedBefore(change: RegExp, work: () => Promise<unknown>): Promise<void> {
  onChange((next) => {
    if (change.test(next)) throw new Killed();
  });
  try {
    await work();
    assert.fail(`nothing like ${change} was announced`);
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  } finally {
    onChange(() => {});
  }
}
class Killed extends Error {}

Deno.test("whatever a kill leaves of a replaced folder goes with the next writing", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "data"), old = join(dir, `.data.previous-${ID}`);
    for (const left of [["file", "checksums.json"], ["checksums.json"], []]) {
      await make(old, "old");
      for (const name of namesIn(old).filter((name) => !left.includes(name))) {
        Deno.removeSync(join(old, name));
      }
      if (left.length === 0) Deno.mkdirSync(join(dir, `.data.new-${ID}`)); // its record is removed last
      Deno.writeTextFileSync(join(dir, `.data.new-${ID}.lock`), "");
      await make(folder, "new");
      assert.deepEqual(namesIn(dir), ["data"], `left ${left}`);
    }
  }));

Deno.test("a folder of ours that somebody gave the name of a leftover stays: it has no lock", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "data"), old = join(dir, `.data.previous-${ID}`);
    await make(old, "kept");
    await make(join(dir, "other"), "kept too");
    const { id } = FolderRecord.read(join(dir, "other"))!.facts;
    Deno.renameSync(join(dir, "other"), join(dir, `.data.new-${id}`));
    await make(folder, "one");
    await make(folder, "two");
    assert.equal(content(old), "kept");
    assert.equal(content(join(dir, `.data.new-${id}`)), "kept too");
  }));

Deno.test("after a kill between the two renames the old folder is put back, and replaced", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "data");
    await make(folder, "one");
    Deno.renameSync(folder, join(dir, `.data.previous-${ID}`));
    const staged = join(dir, `.data.new-${ID}`);
    Deno.mkdirSync(staged);
    FolderRecord.begin(staged, "fixtures", ID).saveSync();
    Deno.writeTextFileSync(`${staged}.lock`, "");
    await make(folder, "two");
    assert.deepEqual([namesIn(dir), content(folder)], [["data"], "two"]);
  }));

Deno.test("a changed folder that is replaced on purpose is gone, also if a kill comes while it is removed", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "data");
    await make(folder, "one");
    Deno.writeTextFileSync(join(folder, "file"), "edited");
    const overwrite = async () => {
      const staged = await stageFolder(claimFolder(folder, "fixtures", { what: "it", overwrite: true }));
      await placeFolder(staged).finally(() => staged.lock.close());
    };
    await killedBefore(/^remove file$/, overwrite);
    assert.equal(namesIn(dir).length, 3, "old, new, lock");
    await make(folder, "two");
    assert.deepEqual(namesIn(dir), ["data"]);
  }));

Deno.test("a writer killed at any moment leaves the old folder or the new one, whole", () =>
  withFolder(async (dir) => {
    const folder = join(dir, "data"), file = join(dir, "writer.ts");
    const files = new URL("../../../../pipeline/contract/files/", import.meta.url).href;
    Deno.writeTextFileSync(
      file,
      `import { claimFolder } from "${files}place.ts";
       import { placeFolder, stageFolder } from "${files}swap.ts";
       for (let i = 0;; i++) {
         const staged = await stageFolder(claimFolder(${JSON.stringify(folder)}, "fixtures", { what: "it" }));
         for (const part of ["a", "b"]) {
           Deno.writeTextFileSync(staged.path + "/" + part, String(i));
           staged.record.enter(part);
         }
         await placeFolder(staged);
       }`,
    );
    const read = (part: string) => {
      try {
        return Deno.readTextFileSync(join(folder, part));
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
      recoverFolder(folder);
      assert.notEqual(read("a"), undefined, "the folder is always there");
      assert.equal(read("a"), read("b"), "and whole");
      seen = Math.max(seen, Number(read("a")));
    }
    assert(seen > 0);
  }));
