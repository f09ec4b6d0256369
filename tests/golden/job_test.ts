/** A whole job on small data, computed in plain JavaScript: its metrics by method, the selected length, and what it recommends. */
import { join } from "node:path";
import { automlp } from "../../mod.ts";
import { plantedCsv } from "../../fixtures/planted.ts";
import { withFolder } from "../folders.ts";
import { json } from "../model/support.ts";
import { assertGolden } from "./golden.ts";

const rounded = (values: Record<string, number>) =>
  Object.fromEntries(
    Object.entries(values).filter(([name]) => /HR|NDCG|MRR/.test(name)).map(([name, value]) => [
      name,
      Number(value.toFixed(6)),
    ]),
  );

Deno.test("golden: the metrics of a job with AutoMLP, SASRec and the baselines, and a user's list", () =>
  withFolder(async (dir) => {
    const data = join(dir, "log.csv");
    Deno.writeTextFileSync(data, plantedCsv({ users: 40, distance: 2, length: 20 }));
    const { recommend } = await automlp({
      ...{ data, out: join(dir, "run"), engine: "cpu", methods: ["automlp", "sasrec"], evalNegatives: 20 },
      ...{ length: 8, dim: 8, layers: 1, sequenceHidden: 6, channelHidden: 6, lengths: [1, 3] },
      ...{ batchSize: 32, searchEpochs: 2, epochs: 2, protocols: ["recbole"], ks: [1, 10], seed: 5 },
    });
    const { methods } = json(join(dir, "run", "metrics.json"));
    for (const [name, found] of Object.entries(methods)) {
      const { recbole, full } =
        (found as { metrics: { test: Record<string, Record<string, number>> } }).metrics.test;
      assertGolden("job", name, { recbole: rounded(recbole), full: rounded(full) });
    }
    const list = await recommend({ users: ["1"], k: 5 });
    assertGolden("job", "list of user 1", list.getColumn("item").toArray().join(" "));
  }));
