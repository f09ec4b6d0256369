import assert from "node:assert/strict";
import { join } from "node:path";
import { datasetNames, DATASETS, findDataset } from "../../../pipeline/readers/registry.ts";
import { formatCell } from "../../../pipeline/display/table.ts";
import { withFolder } from "../../folders.ts";

Deno.test("the registry: names, nearest names, and entries that are complete", async () => {
  for (const name of ["ml-100k", "ml-1m", "ml-10m", "ml-20m", "ml-25m", "ml-latest-small", "amazon-beauty"]) {
    assert.ok(datasetNames().includes(name), name);
  }
  assert.equal(new Set(datasetNames()).size, DATASETS.length);
  assert.throws(() => findDataset("ml-1mm"), /Cannot find a data set "ml-1mm" \(did you mean "ml-1m"\?\)/);
  assert.throws(() => findDataset("qqqqqqqqqqqq"), /the known ones are demo, ml-100k, /);
  await withFolder((dir) => {
    Deno.writeTextFileSync(join(dir, "manifest.json"), "{}");
    assert.throws(() => findDataset(dir), /it is a dataset folder, prepared already/);
  });
  for (
    const { name, title, url, checksum, counts, licence, terms, citation, homepage, interactions, generate }
      of DATASETS
  ) {
    assert.match(name, /^[a-z0-9-]+$/);
    assert.match(terms, /^.{4,30}$/, name);
    if (name.startsWith("ml-")) {
      assert.match(title, new RegExp(`: ${formatCell(counts!.interactions)} ratings$`));
    }
    assert.ok(!url !== !generate, `${name} is either downloaded or generated`);
    assert.ok(licence && citation && interactions.path && interactions.read.format, name);
    if (generate) continue;
    for (const address of [url!, homepage]) assert.equal(new URL(address).protocol, "https:", name);
    assert.match(checksum!.sha256, /^[0-9a-f]{64}$/, name);
  }
});
