/** What was estimated against what a process took. */
import "../../../model/methods/registry.ts";
import assert from "node:assert/strict";
import { root } from "../../paths.ts";
import { inFolder, makeDataset } from "../../pipeline/export/dataset.ts";

const ITEMS = 300;
const sketch = {
  sequences: Object.fromEntries(
    Array.from(
      { length: 60 },
      (_, u) => [`u${u}`, Array.from({ length: 60 }, (_, n) => `i${(u * 7 + n) % ITEMS}`)],
    ),
  ),
};

/** Two steps of training in a process of its own: bytes that it took beyond engine and data, and the estimate of the same. */
const program = (dataset: string, network: object, settings: object) => `
  import process from "node:process";
  import { networkFor, openEngine, readDataset, Training } from "${root}mod.ts";
  import { countsOf, estimateMemory, totalOf } from "${root}model/memory/estimate.ts";
  const engine = await openEngine(), dataset = await readDataset("${dataset}");
  const config = networkFor(dataset, ${JSON.stringify(network)});
  // Linux gives a process the most that its parent had, too; the kernel's own count begins with the program.
  const peak = () => Deno.build.os === "linux"
    ? 1024 * Number(/VmHWM:\\s+(\\d+)/.exec(Deno.readTextFileSync("/proc/self/status"))[1])
    : 1024 * process.resourceUsage().maxRSS;
  dataset.sequences();
  const before = peak(), training = new Training(engine, dataset, config, ${JSON.stringify(settings)});
  training.step();
  training.step();
  const estimate = estimateMemory(config, { kind: "train", settings: training.options }, countsOf(dataset), engine);
  console.log(JSON.stringify([peak() - before, totalOf(estimate) - estimate["program and data"]]));
`;

for (
  const [name, network, settings] of [
    ["long sequences", { candidates: [3], length: 60, dim: 128 }, { batchSize: 1024 }],
    ["one layer, no long-term module, bce", { candidates: [20], dim: 128, layers: 1, longLayers: 0 }, {
      loss: "bce",
      batchSize: 2048,
    }],
  ] as const
) {
  Deno.test(`the estimate is within a factor of 1.5: ${name}`, () =>
    inFolder(async (dir) => {
      await makeDataset(dir, sketch);
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          "eval",
          "--quiet",
          "--config",
          `${root}deno.json`,
          program(`${dir}/dataset`, network, settings),
        ],
      }).output();
      const [taken, estimated] = JSON.parse(
        new TextDecoder().decode(stdout) || new TextDecoder().decode(stderr),
      );
      const ratio = estimated / taken;
      assert(1 / 1.5 < ratio && ratio < 1.5, `${taken / 1e6} MB were taken, ${estimated / 1e6} MB estimated`);
    }));
}
