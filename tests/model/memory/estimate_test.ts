/** Compares estimates with the memory that a process used. */
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

/** Two steps of training in a separate process: the bytes that it used beyond engine and data, and the estimate of these. */
const program = (
  dataset: string,
  method: string,
  sizes: object,
  settings: object,
  estimate: string,
  networks: number,
) => `
  import process from "node:process";
  import { openEngine, readDataset, Training } from "${root}mod.ts";
  import { estimateMemory } from "${root}model/methods/automlp/memory.ts";
  import { countsOf, totalOf } from "${root}model/memory/estimate.ts";
  import { estimateNetwork } from "${root}model/memory/network.ts";
  import { withEnsemble } from "${root}model/train/ensemble.ts";
  import { methodOf } from "${root}model/train/methods.ts";
  const engine = await openEngine(), dataset = await readDataset("${dataset}");
  const method = methodOf({ method: "${method}" });
  const config = method.configure(dataset, ${JSON.stringify(sizes)}), networks = ${networks};
  // Linux gives a process the most that its parent had, too; the kernel's own count begins with the program.
  const peak = () => Deno.build.os === "linux"
    ? 1024 * Number(/VmHWM:\\s+(\\d+)/.exec(Deno.readTextFileSync("/proc/self/status"))[1])
    : 1024 * process.resourceUsage().maxRSS;
  dataset.sequences();
  const before = peak();
  const training = new Training(engine, dataset, withEnsemble(config, networks), ${JSON.stringify(settings)});
  training.step();
  training.step();
  const taken = peak() - before, settings = training.options, data = countsOf(dataset);
  const estimate = ${estimate};
  console.log(JSON.stringify([taken, totalOf(estimate) - estimate["program and data"] - estimate.evaluation]));
`;

const AUTOMLP = 'estimateMemory(config, { kind: "train", settings }, data, engine, undefined, networks)';
const NETWORK = `estimateNetwork(
  {
    parameters: method.parameters(dataset, config),
    networks,
    window: method.build(engine, dataset, config, settings).options.network.window,
    items: dataset.items,
    length: config.length,
    dim: config.dim,
    pairs: 0,
  },
  { kind: "train", settings, examples: 60, targets: config.length },
  data,
  engine,
)`;
/** A training whose memory is large compared with what an engine uses anyway. */
const wide = { length: 59, dim: 512 };

for (
  const [name, method, sizes, settings, estimate, within, networks = 1] of [
    [
      "AutoMLP, long sequences",
      "automlp",
      { lengths: [3], length: 60, dim: 128 },
      { batchSize: 1024 },
      AUTOMLP,
      1.5,
    ],
    [
      "AutoMLP, one layer, no long-term module, bce",
      "automlp",
      { lengths: [20], dim: 128, layers: 1, longLayers: 0 },
      { loss: "bce", batchSize: 2048 },
      AUTOMLP,
      1.5,
    ],
    [
      "AutoMLP, four networks",
      "automlp",
      { lengths: [3], length: 60, dim: 256 },
      { batchSize: 1024 },
      AUTOMLP,
      1.5,
      4,
    ],
    ["SASRec", "sasrec", wide, {}, NETWORK, 2.5],
    ["BERT4Rec", "bert4rec", wide, {}, NETWORK, 2.5],
    ["NextItNet", "nextitnet", wide, {}, NETWORK, 2.5],
    ["GRU4Rec", "gru4rec", { ...wide, hidden: 1024 }, {}, NETWORK, 2.5],
    ["GRU4Rec, four networks", "gru4rec", { ...wide, hidden: 1024 }, {}, NETWORK, 2.5, 4],
    ["LSTM-LSTM", "lstm-lstm", { ...wide, hidden: 512 }, {}, NETWORK, 2.5],
    [
      "LSTM-LSTM, a long short term",
      "lstm-lstm",
      { ...wide, dim: 128, hidden: 128, short: 50 },
      {},
      NETWORK,
      2.5,
    ],
  ] as const
) {
  Deno.test(`the estimate is within a factor of ${within}: ${name}`, () =>
    inFolder(async (dir) => {
      await makeDataset(dir, sketch);
      const source = program(`${dir}/dataset`, method, sizes, settings, estimate, networks);
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["eval", "--quiet", "--config", `${root}deno.json`, source],
      }).output();
      const text = new TextDecoder(),
        [taken, estimated] = JSON.parse(text.decode(stdout) || text.decode(stderr));
      const ratio = estimated / taken;
      assert(
        1 / within < ratio && ratio < within,
        `${taken / 1e6} MB were taken, ${estimated / 1e6} MB estimated`,
      );
      assert(taken > 50e6, "too little to compare");
    }));
}
