import assert from "node:assert/strict";
import { join } from "node:path";
import { readDataset } from "../../../../pipeline/contract/dataset/store.ts";
import { datasetNames, DATASETS, findDataset } from "../../../../pipeline/readers/known/registry.ts";
import { formatCell } from "../../../../pipeline/display/table.ts";
import { withFolder } from "../../../folders.ts";

Deno.test("the registry: names, nearest names, and entries that are complete", async () => {
  for (const name of ["ml-100k", "ml-1m", "ml-10m", "ml-20m", "ml-25m", "ml-latest-small", "amazon-beauty"]) {
    assert.ok(datasetNames().includes(name), name);
  }
  assert.equal(new Set(datasetNames()).size, DATASETS.length);
  assert.throws(() => findDataset("ml-1mm"), /Cannot find a data set "ml-1mm" \(did you mean "ml-1m"\?\)/);
  assert.throws(() => findDataset("qqqqqqqqqqqq"), {
    message:
      'Cannot find a data set "qqqqqqqqqqqq": it is no folder of one, nor a name in deno task data list; ' +
      "pass other data with --data FILE alone",
  });
  await withFolder((dir) => {
    Deno.writeTextFileSync(join(dir, "manifest.json"), "{}");
    assert.throws(() => findDataset(dir), /it is a dataset folder, prepared already/);
  });
  await withFolder(async (dir) => {
    const mine = join(dir, "mine"), mime = join(dir, "mime"), far = join(dir, "other", "orders");
    for (const folder of [mine, join(dir, "notes")]) Deno.mkdirSync(folder);
    Deno.writeTextFileSync(join(mine, "manifest.json"), "{}");
    const wish = (path: string) =>
      `; make one with deno task prepare --data FILE --out ${path}, or name a known data set: deno task data list`;
    for (
      const [path, state] of [
        [mime, `there is no such folder (did you mean ${mine}?)`],
        [far, "there is no such folder"],
        [join(dir, "notes"), "there is no manifest.json in it"],
      ]
    ) {
      assert.throws(() => findDataset(path), {
        message: `Cannot find a dataset in ${path}: ${state}${wish(path)}`,
      });
    }
    await assert.rejects(readDataset(mime), {
      message: `Cannot open the dataset ${mime}: there is no such folder (did you mean ${mine}?); ` +
        `make one with deno task prepare --data FILE --out ${mime}`,
    });
    const log = join(dir, "log.csv");
    Deno.writeTextFileSync(log, "user,item\n");
    const wanted = `it is a file, not a folder; make one with deno task prepare --data ${log} --out DIR`;
    await assert.rejects(readDataset(log), { message: `Cannot open the dataset ${log}: ${wanted}` });
    assert.throws(() => findDataset(log), {
      message: `Cannot find a dataset in ${log}: ${wanted}, or name a known data set: deno task data list`,
    });
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
