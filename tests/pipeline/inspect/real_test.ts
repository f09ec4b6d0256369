import assert from "node:assert/strict";
import { inspectDataset } from "../../../pipeline/inspect/mod.ts";
import { prepare } from "../../../pipeline/run.ts";
import { hasShared, sharedData } from "../../paths.ts";

const ML_1M = "ml-1m/interactions.csv.gz";

Deno.test({
  name: "MovieLens-1M has its known figures",
  ignore: !hasShared(ML_1M),
  async fn() {
    const folder = Deno.makeTempDirSync();
    try {
      const { dataset } = await prepare({ data: [sharedData + ML_1M], out: `${folder}/ml-1m` });
      const { parts, sequenceLength, popularity, density, repeats } = await inspectDataset(dataset);
      assert.deepEqual(parts.map(({ targets }) => targets), [982_089, 6040, 6040]);
      assert.deepEqual([sequenceLength.count, sequenceLength.min, sequenceLength.max], [6040, 20, 2314]);
      assert.deepEqual([popularity.count, popularity.max], [3706, 3428]);
      assert.deepEqual([density.toFixed(4), repeats], ["0.0447", 0]);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});
