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

Deno.test("LaTeX says which program sets letters that pdfLaTeX has none of", () =>
  withFolder(async (dir) => {
    using folder = StudyFolder.create(join(dir, "study"), "experiment");
    const latex = async (name: string) => {
      await writeResults(folder, { ...RESULTS, dataset: { ...RESULTS.dataset, name } });
      return Deno.readTextFileSync(join(folder.path, "results.tex"));
    };
    const line =
      "% Names have letters beyond Latin ones: set it with XeLaTeX or LuaLaTeX, in a font that has them.";
    for (const name of ["电影", "фильмы", "films 🎬"]) {
      const lines = (await latex(name)).split("\n");
      assert.equal(lines.filter((own) => own === line).length, 1, name);
      assert(lines.indexOf(line) < lines.findIndex((own) => own.startsWith("\\begin")));
    }
    for (const name of ["films", "Łódź, Größe, “ñ”", "α ± τ"]) {
      assert.doesNotMatch(await latex(name), /XeLaTeX/);
    }
  }));
