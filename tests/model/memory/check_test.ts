import { DESCRIPTIONS } from "../../../model/methods/registry.ts";
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { networkFor } from "../../../model/methods/automlp/method.ts";
import { resolveNetwork } from "../../../model/methods/automlp/config.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { ASSUMED_BYTES, availableMemory } from "../../../pipeline/contract/machine/available_memory.ts";
import { refuseIfTooLarge } from "../../../model/memory/check.ts";
import { estimateMemory } from "../../../model/methods/automlp/memory.ts";
import { type Learning, type MemoryEstimate, PARTS, totalOf } from "../../../model/memory/estimate.ts";
import { Search } from "../../../model/search/search.ts";
import { methodOf } from "../../../model/train/methods.ts";
import { Training } from "../../../model/train/training.ts";
import { root } from "../../paths.ts";
import { inFolder, makeDataset } from "../../pipeline/export/dataset.ts";

const COUNTS = { share: 1, interactions: 100_000, targets: 90_000, positives: 1000, negatives: 300 };
const NETWORK = { items: 10_000, lengths: [3, 5], length: 50, dim: 64 };
const WORK: Learning = { kind: "train", settings: { loss: "ce", trainNegatives: 1, batchSize: 512 } };
const CPU = { name: "native" as const, isOnGpu: false };

const estimate = (network: object = {}, settings: object = {}, work: object = {}, engine: object = {}) =>
  estimateMemory(
    resolveNetwork({ ...NETWORK, ...network }),
    { ...WORK, ...work, settings: { ...WORK.settings, ...settings } } as Learning,
    COUNTS,
    { ...CPU, ...engine } as never,
  );

Deno.test("each size makes its own parts larger, in its proportion", () => {
  const base = estimate();
  const ratio = (other: MemoryEstimate, part: keyof MemoryEstimate) => other[part] / base[part];
  const near = (actual: number, expected: number) =>
    assert(Math.abs(actual / expected - 1) < 0.1, `${actual}, expected about ${expected}`);
  near(ratio(estimate({}, { batchSize: 2048 }), "activations of a step"), 4);
  near(ratio(estimate({ length: 500 }), "activations of a step"), 10);
  near(ratio(estimate({ dim: 640 }), "item vectors of a step"), 10);
  near(ratio(estimate({ items: 100_000 }), "item vectors of a step"), 10);
  near(ratio(estimate({ items: 100_000 }), "weights"), 10);
  near(base["Adam's moments"] / base.weights, 1); // two moments, and the weights with their average
  // A batch is no larger than the data.
  near(ratio(estimate({}, { batchSize: 1e8 }), "activations of a step"), COUNTS.targets / 512);
  // Scores against all items are held for some rows at a time; all scores against negatives are held.
  near(ratio(estimate({}, { batchSize: 2048 }), "scores of a step"), 1);
  const few = estimate({}, { loss: "bce" });
  near(estimate({}, { loss: "bce", batchSize: 2048 })["scores of a step"] / few["scores of a step"], 4);
  near(estimate({}, { loss: "bce", trainNegatives: 3 })["scores of a step"] / few["scores of a step"], 2);
  const wasm = estimate({}, {}, {}, { name: "wasm" });
  assert(ratio(wasm, "activations of a step") > 3, "composed mixers keep what is in between");
  const many = { items: 200_000, lengths: [3, 5, 10, 20] };
  const vectors = (kind: Learning["kind"]) => estimate(many, {}, { kind })["item vectors of a step"];
  assert(vectors("losses") > 2 * vectors("train"), "the loss of each candidate has gradients of all items");
  const gpu = estimate({}, {}, {}, { isOnGpu: true });
  assert.deepEqual([gpu["activations of a step"], gpu.weights], [0, 0], "its memory is its own");
  assert.equal(totalOf(base, ["weights", "evaluation"]), base.weights + base.evaluation);
});

Deno.test("scoring takes weights and an evaluation, whose sequences may be long", () => {
  const { weights, evaluation, ...rest } = estimateMemory(
    resolveNetwork({ ...NETWORK, longLayers: 0, length: 1_000_000 }),
    { kind: "score" },
    COUNTS,
    CPU,
  );
  assert(weights < 3e6 && evaluation > 200e6, `${weights}, ${evaluation}`);
  const steps = Object.entries(rest).filter(([part]) => part.endsWith("of a step"));
  assert.deepEqual(steps.map(([, bytes]) => bytes), [0, 0, 0]);
});

const GIB = 2 ** 30;

Deno.test("what does not fit is refused with the numbers, the largest part and what makes it smaller", () => {
  const none = Object.fromEntries(PARTS.map((part) => [part, 0])) as MemoryEstimate;
  const room = { bytes: GIB, held: GIB, source: "1GiB are free" };
  const large = { ...none, "weights": GIB, "activations of a step": 3 * GIB };
  assert.throws(() => refuseIfTooLarge("train", large, room), {
    name: "InputError",
    message: "Cannot train: it takes about 4GiB of memory, and 1GiB are free; " +
      "3GiB of it are activations of a step: lower --batch-size, --length or --dim",
  });
  const program = { ...large, "program and data": 9 * GIB };
  assert.throws(
    () => refuseIfTooLarge("train", program, room),
    /program and data: take a machine with more memory$/,
  );
  const limited = { ...room, source: "1GiB are allowed", more: "raise --memory" };
  assert.throws(
    () => refuseIfTooLarge("train", program, limited),
    /1GiB are allowed; 9GiB of it are program and data: raise (--)?memory$/,
  );
  refuseIfTooLarge("train", large, { ...room, bytes: 3 * GIB }); // it fits, counting what the process already holds
  assert.throws(() => refuseIfTooLarge("train", large, { ...room, bytes: 2.9 * GIB }));
  refuseIfTooLarge("train", large, room, ["weights"]);
  assert.throws(
    () => refuseIfTooLarge("train", large, room, PARTS, 4),
    /lower --batch-size, --length or --dim; fewer networks than --ensemble 4 take less, too$/,
  );
  for (const part of PARTS) {
    assert.throws(
      () => refuseIfTooLarge("search", { ...none, [part]: 9 * GIB }, room),
      new RegExp(`9GiB of it are ${part}: \\w+`),
    );
  }
});

Deno.test("search and training refuse what no machine has before they take any of it", () =>
  inFolder(async (dir) => {
    const dataset = await makeDataset(dir, {
      sequences: { a: ["1", "2", "3", "4", "5"], b: ["2", "3", "4", "5", "1"] },
    });
    const engine = await openEngine(), before = engine.memory().tensors;
    const config = networkFor(dataset, { lengths: [3], length: 1_000_000, dim: 65_536 });
    const message =
      /^Cannot (train|search): it takes about [\d.]+TiB of memory, and .* are free; .*: lower --batch-size, --length or --dim$/;
    assert.throws(() => new Training(engine, dataset, config), { name: "InputError", message });
    assert.throws(() => new Search(engine, dataset, config), { name: "InputError", message });
    assert.equal(engine.memory().tensors, before);
    assert.throws(
      () => new Training(engine, dataset, { ...config, lengths: [0] }),
      /^InputError: Cannot build the network/,
    );
  }));

Deno.test("every method refuses to be trained with what no machine has", () =>
  inFolder(async (dir) => {
    const dataset = await makeDataset(dir, {
      sequences: Object.fromEntries(
        Array.from({ length: 300 }, (_, u) => [`u${u}`, ["1", "2", "3", "4", "5"]]),
      ),
      items: Object.fromEntries(["1", "2", "3", "4", "5"].map((id) => [id, { colour: `colour ${id}` }])),
      features: [{ name: "colour", kind: "categorical" }] as never,
    });
    const engine = await openEngine(), before = engine.memory().tensors;
    for (const { name } of DESCRIPTIONS) {
      const method = methodOf({ method: name });
      const config = method.configure(dataset, { length: 10_000, dim: 16_384 });
      assert.throws(() => new Training(engine, dataset, config), {
        name: "InputError",
        message: /^Cannot train: it takes about [\d.]+[GT]iB of memory, and .* are free; .*: lower --/,
      });
    }
    assert.equal(engine.memory().tensors, before);
  }));

Deno.test("where the system may not be asked, an amount is assumed", async () => {
  assert(availableMemory().bytes > 0);
  const program = join(Deno.makeTempDirSync(), "ask.ts");
  try {
    Deno.writeTextFileSync(
      program,
      `import { availableMemory } from "${root}pipeline/contract/machine/available_memory.ts"; console.log(JSON.stringify(availableMemory()));`,
    );
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-prompt", "--config", `${root}deno.json`, program],
    }).output();
    assert.deepEqual(JSON.parse(new TextDecoder().decode(stdout)), {
      bytes: ASSUMED_BYTES,
      source: "16GiB are assumed to be free",
    });
  } finally {
    Deno.removeSync(dirname(program), { recursive: true });
  }
});
