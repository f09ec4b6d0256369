import { join } from "node:path";
import { resolveNetwork } from "../../../model/methods/automlp/config.ts";
import { RunFolder } from "../../../model/runs/folder.ts";
import { withFolder } from "../../folders.ts";
import { refused } from "../support.ts";
import { run } from "./example.ts";

Deno.test("weights of another dataset, or of an older network, are refused", () =>
  withFolder(async (dir) => {
    const folder = RunFolder.create(dir);
    folder.checkDataset({ hash: "anything", name: "new run" });
    await folder.writeRun(run);
    folder.checkDataset({ hash: run.dataset.hash, name: "renamed" });
    await refused(
      () => folder.checkDataset({ hash: "ffffffff00", name: "beauty", folder: "data/beauty" }),
      /Cannot use the run .* with the dataset data\/beauty \(ffffffff\): it was trained on another, shop \(0123abcd\); give \S*\/data\/shop, or begin another run$/,
    );
    await refused(
      () =>
        folder.checkDataset({ hash: "ffffffff00", name: "shop", folder: folder.readRun()!.dataset.folder }),
      /the folder has been prepared anew since: prepare it as it was, or begin another run$/,
    );
    const network = resolveNetwork({ items: 3, lengths: [2] });
    await folder.writeModel({ dataset: run.dataset, seed: 1, method: "automlp", config: network }, new Map());
    const path = join(dir, "model", "config.json");
    Deno.removeSync(join(dir, "checksums.json")); // otherwise the edited file would be refused
    Deno.writeTextFileSync(path, Deno.readTextFileSync(path).replace(run.dataset.hash, "eeeeeeee00"));
    await refused(
      () => folder.readModel(),
      /its weights are of another dataset \(0123abcd\) than its config.json says, shop \(eeeeeeee\); train it again/,
    );
    Deno.writeTextFileSync(path, JSON.stringify({ ...JSON.parse(Deno.readTextFileSync(path)), version: 1 }));
    await refused(
      () => folder.readModel(),
      /^Cannot read .*config\.json: the model has format version 1, this program reads 3; use the automlp that wrote it$/,
    );
  }));
