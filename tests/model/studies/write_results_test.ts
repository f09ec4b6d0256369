import assert from "node:assert/strict";
import { join } from "node:path";
import { StudyFolder } from "../../../model/studies/study_folder.ts";
import { writeResults } from "../../../model/studies/write_results.ts";
import { withFolder } from "../../folders.ts";
import { RESULTS } from "./results.ts";

Deno.test("of tables that there are no more nothing is left", () =>
  withFolder(async (dir) => {
    const out = join(dir, "study");
    using folder = StudyFolder.create(out, "experiment");
    const tables = () =>
      [...Deno.readDirSync(out)].map(({ name }) => name).filter((name) => /csv$/.test(name)).sort();
    await writeResults(folder, RESULTS);
    const all = tables();
    assert(all.length > 1);
    const captions = Deno.readTextFileSync(join(out, "results.md")).split("\n").filter((line) =>
      /^\*\*|^\(\[/.test(line)
    );
    assert.deepEqual(captions.length, 2 * all.length);
    assert.match(captions[0], /test, protocol full/);
    assert.equal(captions[1], "([table-1.csv](table-1.csv))");
    await writeResults(folder, { ...RESULTS, rows: [], protocols: [], searches: [], gallery: [] });
    assert.deepEqual(tables(), []);
    await writeResults(folder, RESULTS);
    assert.deepEqual(tables(), all);
  }));
