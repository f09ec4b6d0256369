import assert from "node:assert/strict";
import { inspectDataset, prepare, StageReport } from "../../../../mod.ts";
import { withFolder } from "../../../folders.ts";

Deno.test("a program's warnings name options as in code; a file has the words of a command line, whoever writes it", async () => {
  const written = "took user_id; say otherwise with --columns user=uid", spoken = 'columns: { user: "uid" }';
  const report = new StageReport({
    stage: "read",
    rowsIn: 1,
    rowsOut: 1,
    counts: { files: 1 },
    seconds: 0,
    warnings: [written],
  });
  assert.deepEqual(report.warnings, [`took user_id; say otherwise with ${spoken}`]);
  assert.deepEqual(report.written(), { ...report, warnings: [written] });
  assert.match(String(report), /warning: .*columns: \{ user/);
  assert.deepEqual(new StageReport(report.written()).written(), report.written());

  await withFolder(async (dir) => {
    const rows = Array.from({ length: 12 }, (_, i) => `u${i % 2},x,i${i >> 1},${i}`);
    Deno.writeTextFileSync(`${dir}/a.csv`, ["user_id,user,item,timestamp", ...rows].join("\n"));
    const { reports, dataset } = await prepare({
      data: `${dir}/a.csv`,
      out: `${dir}/data`,
      minUser: 3,
      evalNegatives: 0,
    });
    const { stages } = JSON.parse(Deno.readTextFileSync(`${dir}/data/manifest.json`));
    assert.match(stages[0].warnings[0], /not "user_id"; say otherwise with --columns$/);
    assert.match(reports[0].warnings[0], /not "user_id"; say otherwise with columns$/);
    assert.deepEqual((await inspectDataset(dataset)).stages[0].warnings, reports[0].warnings);
  });
});
