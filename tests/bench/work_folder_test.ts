import assert from "node:assert/strict";
import { join } from "node:path";
import { workFolder } from "../../bench/work_folder.ts";
import { withFolder } from "../folders.ts";

Deno.test("a bench's folder is made in one that is missing, and not in a file", () =>
  withFolder(async (dir) => {
    const inside = join(dir, "a", "b"), made = await workFolder(inside);
    assert.equal(join(made, ".."), inside);
    assert(Deno.statSync(made).isDirectory);
    const file = join(dir, "file");
    Deno.writeTextFileSync(file, "");
    await assert.rejects(
      workFolder(file),
      /^InputError: Cannot work in .*file: .*; choose another folder with --work$/,
    );
  }));
