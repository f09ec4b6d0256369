import assert from "node:assert/strict";
import { join } from "node:path";
import { StudyFolder } from "../../../model/studies/study_folder.ts";
import { withFolder } from "../../folders.ts";

Deno.test.sanitizer({ ops: true, resources: true });

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
