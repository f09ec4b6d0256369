import assert from "node:assert/strict";
import { join } from "node:path";
import { isHeld, openLock, tryLock } from "../../../../pipeline/contract/files/lock.ts";
import { withFolder } from "../../../folders.ts";

Deno.test.sanitizer({ ops: true, resources: true });

Deno.test("a lock is had by one at a time, and who only looks holds up nobody who looks", () =>
  withFolder((dir) => {
    const path = join(dir, "lock");
    Deno.writeTextFileSync(path, "note");
    {
      using _first = tryLock(path)!;
      assert.equal(tryLock(path), undefined);
      assert.equal(isHeld(path), true);
    }
    assert.equal(isHeld(path), false);
    {
      using looking = Deno.openSync(path, { read: true });
      assert(looking.tryLockSync(false));
      assert.equal(isHeld(path), false, "somebody else looks, too");
      assert.equal(tryLock(path), undefined);
    }
    using again = openLock(path);
    assert(again.tryLockSync(true));
    assert.equal(Deno.readTextFileSync(path), "note", "it is not written to");
  }));

Deno.test("what is not there is held by nobody, and what is no file is no lock", () =>
  withFolder((dir) => {
    const path = join(dir, "lock"), folder = join(dir, "folder");
    assert.deepEqual([tryLock(path), isHeld(path)], [undefined, undefined]);
    Deno.mkdirSync(folder);
    assert.equal(isHeld(folder), undefined);
    assert.throws(() => tryLock(folder), /Is a directory|EISDIR/);
    assert.throws(() => openLock(folder), { message: `Cannot lock ${folder}: it is a folder; remove it` });
    openLock(path).close();
    assert.equal(isHeld(path), false, "it is made");
    Deno.removeSync(path);
    Deno.symlinkSync(folder, path);
    assert.throws(() => openLock(path), { message: `Cannot lock ${path}: it is a link; remove it` });
    assert.equal(isHeld(path), undefined);
  }));
