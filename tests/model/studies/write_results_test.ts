import assert from "node:assert/strict";
import { join } from "node:path";
import { silent } from "../../../mod.ts";
import { StudyFolder } from "../../../model/studies/study_folder.ts";
import { writeResults } from "../../../model/studies/write_results.ts";
import { withFolder } from "../../folders.ts";
import { listener } from "../../listener.ts";
import { RESULTS } from "./results.ts";

Deno.test("of tables that there are no more nothing is left, but what somebody changed, under another name", () =>
  withFolder(async (dir) => {
    const out = join(dir, "study"), { progress, warnings } = listener();
    using folder = StudyFolder.create(out, "experiment", [], { progress });
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
    Deno.writeTextFileSync(join(out, all.at(-1)!), "mine");
    await writeResults(folder, { ...RESULTS, rows: [], protocols: [], searches: [], gallery: [] });
    const kept = all.at(-1)!.replace(".csv", ".edited.csv");
    assert.deepEqual(tables(), [kept]);
    assert.equal(Deno.readTextFileSync(join(out, kept)), "mine");
    assert.equal(warnings.length, 1);
    await writeResults(folder, RESULTS);
    assert.deepEqual(tables(), [...all, kept].sort());
  }));

Deno.test("LaTeX says which program sets letters that pdfLaTeX has none of", () =>
  withFolder(async (dir) => {
    using folder = StudyFolder.create(join(dir, "study"), "experiment", [], { progress: silent });
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
