import assert from "node:assert/strict";
import { join } from "node:path";
import {
  idFor,
  idsBesideFile,
  idsBesideFolder,
  isPartName,
  lockPath,
  partPath,
  previousPath,
  STAGE_ID,
  stagedPath,
} from "../../../../pipeline/contract/files/names.ts";
import { withFolder } from "../../../folders.ts";

const IDS = [1, 2, 3].map((n) => `0000000${n}-1111-4222-8333-444444444444`);

Deno.test("what is under way is found beside its place by its name, and nothing else is", () =>
  withFolder((dir) => {
    const folder = join(dir, "data.1"), file = join(dir, "top.csv");
    Deno.mkdirSync(stagedPath(folder, IDS[0]));
    Deno.writeTextFileSync(lockPath(folder, IDS[0]), "");
    Deno.mkdirSync(previousPath(folder, IDS[1]));
    Deno.writeTextFileSync(partPath(file, IDS[2]), "");
    for (
      const other of [".data.1.new-mine", ".data.2.new-" + IDS[0], "data.1", ".top.csv.part", ".top.csv"]
    ) {
      Deno.writeTextFileSync(join(dir, other), "");
    }
    assert.deepEqual(idsBesideFolder(folder), new Set(IDS.slice(0, 2)));
    assert.deepEqual(idsBesideFile(file), new Set([IDS[2]]));
    const parts = [...Deno.readDirSync(dir)].map(({ name }) => name).filter(isPartName);
    assert.deepEqual(parts, [`.top.csv.${IDS[2]}.part`]);
  }));

Deno.test("an id given to the process is the first of each place; all others are random", () => {
  const places = ["/a", "/b", "/a", "/a"];
  Deno.env.set(STAGE_ID, IDS[0]);
  try {
    const [a, b, again, third] = places.map(idFor);
    assert.deepEqual([a, b], [IDS[0], IDS[0]]);
    assert.equal(new Set([a, again, third]).size, 3);
    Deno.env.set(STAGE_ID, "../../etc");
    assert.match(idFor("/c"), /^[0-9a-f-]{36}$/, "what is no id is not taken for one");
  } finally {
    Deno.env.delete(STAGE_ID);
  }
});
