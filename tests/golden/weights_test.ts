/**
 * The weights of every trained method after twenty steps, and what a search finds: to the bit, computed by the engine in plain JavaScript, whose
 * arithmetic is the same on every processor.
 */
import { createHash } from "node:crypto";
import { beginTraining, type MethodName, METHODS, networkFor, openEngine, Search } from "../../mod.ts";
import { inFolder, makeDataset } from "../pipeline/export/dataset.ts";
import { walks } from "../model/support.ts";
import { assertGolden } from "./golden.ts";

const engine = await openEngine({ engine: "cpu" });
const STEPS = 20;
const SEEDS = [1, 2];
const ITEMS = Array.from("abcdefghijkl");

/** Sixteen users with different walks through twelve items, every third of which is green. */
const SKETCH = {
  sequences: walks(16, 10, ITEMS),
  items: Object.fromEntries(ITEMS.map((id, i) => [id, { colour: i % 3 === 0 ? "green" : "blue" }])),
  features: [{ name: "colour", kind: "categorical" as const }],
};

/** Sizes of the network of each method; those left out have the method's defaults. */
const SIZES: Record<string, Record<string, unknown>> = {
  automlp: {
    length: 8,
    dim: 8,
    layers: 2,
    longLayers: 1,
    sequenceHidden: 6,
    channelHidden: 6,
    lengths: [3],
  },
  fpmc: { dim: 4, batchSize: 8 },
  "gru4rec": { length: 8, dim: 8, hidden: 6 },
  "gru4rec-plus": { length: 8, dim: 8, hidden: 6 },
  "lstm-lstm": { length: 8, dim: 8, hidden: 6 },
};
const SMALL = { length: 8, dim: 8 };

const hashOf = (values: Iterable<readonly [name: string, numbers: Float32Array | Float64Array]>): string => {
  const hash = createHash("sha256");
  for (const [name, numbers] of [...values].sort(([a], [b]) => a < b ? -1 : 1)) {
    hash.update(name).update(new Uint8Array(numbers.slice().buffer));
  }
  return hash.digest("hex").slice(0, 16);
};

for (const method of METHODS) {
  for (const seed of SEEDS) {
    Deno.test(`golden: weights of ${method} after ${STEPS} steps, seed ${seed}`, () =>
      inFolder(async (folder) => {
        const dataset = await makeDataset(folder, SKETCH);
        const options = { batchSize: 16, rate: 0.01, seed, ...SIZES[method] ?? SMALL };
        const training = await beginTraining(method as MethodName, dataset, options, engine);
        for (let step = 0; step < STEPS; step++) training.step();
        assertGolden("weights", `${method}, seed ${seed}`, hashOf(training.values()));
        training.dispose();
      }));
  }
}

for (const method of ["shared", "darts"] as const) {
  Deno.test(`golden: α, weights and the selected length after the search ${method}`, () =>
    inFolder(async (folder) => {
      const dataset = await makeDataset(folder, SKETCH);
      const network = networkFor(dataset, { ...SIZES.automlp, lengths: [2, 5] });
      const search = new Search(engine, dataset, network, {
        ...{ search: method, warmup: 0, epochs: 4, batchSize: 32, rate: 0.01, seed: 7 },
      });
      await search.run();
      const { tensors } = search.state().optimizer;
      const weights = [...tensors].map(([name, { values }]) => [name, values] as const);
      assertGolden("weights", `search ${method}`, {
        selected: search.select().shortTermLength,
        weights: hashOf([["alpha", search.alpha], ...weights]),
      });
      search.dispose();
    }));
}
