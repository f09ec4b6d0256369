import assert from "node:assert/strict";
import { join } from "node:path";
import { lockRun } from "../../../model/runs/lock.ts";
import { StudyFolder } from "../../../model/studies/study_folder.ts";
import { withFolder } from "../../folders.ts";

Deno.test.sanitizer({ ops: true, resources: true });

Deno.test("who waits for others at work on a cell lets the rest go on, and waits no longer when stopped", () =>
  withFolder(async (dir) => {
    using folder = StudyFolder.create(join(dir, "study"), "experiment");
    const free = { id: "free" }, held = { id: "held" };
    for (const cell of [free, held]) Deno.mkdirSync(folder.runPath(cell), { recursive: true });
    await folder.waitForOthers([free]);
    assert.deepEqual([...Deno.readDirSync(folder.runPath(free))], []); // it only looks

    const lock = lockRun(folder.runPath(held)), began = performance.now();
    setTimeout(() => lock[Symbol.dispose](), 200);
    await folder.waitForOthers([free, held]);
    assert(performance.now() - began >= 190);

    using _held = lockRun(folder.runPath(held));
    const stopped = new AbortController(), waiting = folder.waitForOthers([held], stopped.signal);
    stopped.abort();
    await waiting;
  }));

Deno.test("no cell is trained where a link in the folder leads", () =>
  withFolder((dir) => {
    const path = join(dir, "study"),
      refused = (link: string) => new RegExp(`${link} is a link; put a folder in its place$`);
    using folder = StudyFolder.create(path, "experiment");
    Deno.symlinkSync(dir, join(path, "cells"));
    assert.throws(() => folder.makeRoom(), refused("cells"));
    assert.throws(() => folder.placeOf({ id: "a" }), refused("cells"));
    Deno.removeSync(join(path, "cells"));
    folder.makeRoom();
    assert.equal(folder.placeOf({ id: "a" }), folder.runPath({ id: "a" }));
    Deno.symlinkSync(dir, join(path, "cells", "a"));
    assert.throws(() => folder.placeOf({ id: "a" }), refused("cells/a"));
  }));
