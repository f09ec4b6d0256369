/** Displays in a program or a notebook name options as in code. */
import assert from "node:assert/strict";
import * as automlp from "../mod.ts";
import { displayOf } from "../pipeline/display/with_display.ts";
import { worldIn } from "./world.ts";
import { inFolder } from "./pipeline/export/dataset.ts";

/** An option as on a command line; drawings have variables that begin in the same way. */
const OPTION = /(?<!var\()--[a-z]/;

Deno.test("no display of a run's things has an option of the command line in it", () =>
  inFolder(async (folder) => {
    const { dataset, search, training, evaluation, run, inspection } = await worldIn(folder);
    const { format: _format, version: _version, ...facts } = run.readRun()!;
    await run.writeRun({
      ...facts,
      status: "interrupted",
      warnings: [{ kind: "guess", length: 3, isCut: false }],
    });
    Deno.writeTextFileSync(
      `${folder}/log.csv`,
      "user,item,timestamp\nu,a,1\nu,b,2\nu,c,3\nv,a,1\nv,c,2\nv,b,3\n",
    );
    const prepared = await automlp.prepare({
      data: `${folder}/log.csv`,
      out: `${folder}/prepared`,
      minUser: 1,
      evalNegatives: 0,
    });
    const warned = new automlp.StageReport({
      stage: "read",
      rowsIn: 1,
      rowsOut: 1,
      counts: {},
      seconds: 0,
      warnings: ["a.csv: no header; say otherwise with --columns"],
    });
    const model = new automlp.AutoMLP({ epochs: 1 });
    const report = automlp.reportFacts(run, dataset.manifest);
    await search.epoch();
    const shown = {
      dataset,
      search,
      training,
      evaluation,
      run,
      inspection,
      prepared,
      warned,
      model,
      report,
      selected: search.select(),
      runs: automlp.listRuns(folder),
      engine: await automlp.openEngine(),
    };
    for (const [name, thing] of Object.entries(shown)) {
      for (const [type, text] of Object.entries(await displayOf(thing))) {
        assert.doesNotMatch(String(text), OPTION, `${name} as ${type}`);
      }
      assert.doesNotMatch(String(thing), OPTION, `${name} as text`);
    }
    assert.match(String(report), /compare with search: "exhaustive"/, "what is said is there");
    assert.match(String(report), /resume it with resume: true/);
    assert.match(String(warned), /say otherwise with columns$/);
    for (
      const page of [await automlp.reportHtml(report), await automlp.inspectionHtml(inspection, dataset)]
    ) {
      assert.doesNotMatch(page.replace(/<style>.*?<\/style>/gs, ""), OPTION);
    }
    assert.doesNotMatch(automlp.reportText(report), OPTION);
    for (const one of [search, training]) one.dispose();
  }));
