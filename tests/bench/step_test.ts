/** The bench of a training step: its operations counted by hand, its random data, its arithmetic, a peer that is installed or not. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { matMulPeak, stepFlops } from "../../bench/matmul.ts";
import { benchStep, stepBench } from "../../bench/step.ts";
import type { StepPlan } from "../../bench/step_plan.ts";
import { automlpTwin, stepWork } from "../../bench/step_work.ts";
import { twinCommand } from "../../bench/twin.ts";
import { RandomDataset, summarize, timeStep } from "../../bench/workload.ts";
import { resolveNetwork } from "../../model/automlp/config.ts";
import { openEngine } from "../../model/backend/engine.ts";
import { DESCRIPTIONS } from "../../model/methods/registry.ts";
import { InputError, Interrupted } from "../../pipeline/contract/errors.ts";

const PLAN: StepPlan = {
  batch: 8,
  layers: 2,
  dim: 4,
  items: 30,
  features: 1,
  loss: "bce",
  precision: "float32",
  dropout: 0,
  engine: "wasm",
  seed: 1,
  method: "automlp",
  sizes: [],
  lengths: [2, 3],
  length: 5,
  steps: 2,
  rounds: 2,
  peer: false,
  peerScript: "none",
};
const LOAD = { ...PLAN, features: 1 };
const TORCH: StepPlan = {
  ...PLAN,
  batch: 256,
  dim: 64,
  items: 12_000,
  features: 0,
  length: 50,
  lengths: [5],
};

Deno.test("operations of a step, counted by hand", () => {
  const size = { batch: 2, loss: "bce", trainNegatives: 1, encoded: 9 } as const;
  const sizes = { items: 20, dim: 4, sequenceHidden: 3, channelHidden: 5, length: 6 };
  // One layer, newest position only: W1 [3, 6] and W2 [1, 3] on [·, 2 · 4]; W3 and W4 [5, 4] on 2 positions.
  const long = (3 * 6 + 3) * 8 + 2 * 20 * 2;
  const short = (3 * 2 + 3) * 8 + 2 * 20 * 2, output = 2 * 8 * 4, loss = 2 * 4 * 2;
  const one = resolveNetwork({ ...sizes, layers: 1, longLayers: 1, lengths: [2] });
  assert.equal(stepFlops(one, size), 6 * (long + short + output + loss));
  // The first of two layers computes all positions.
  const first = (3 * 6 + 6 * 3) * 8 + 2 * 20 * 12;
  assert.equal(stepFlops({ ...one, longLayers: 2 }, size), 6 * (first + long + short + output + loss));
  // No long-term module, two candidates, a feature, all items.
  const ablation = { ...one, longLayers: 0, lengths: [2, 2] };
  const mixed = 2 * short + 2 * 2 * 4 + output / 2 + 2 * 4 * 20;
  assert.equal(stepFlops(ablation, { ...size, loss: "ce" }), 6 * mixed);
  const features = [{ name: "genre", kind: "categorical" as const, values: 3 }];
  assert.equal(stepFlops({ ...ablation, features }, { ...size, loss: "ce" }), 6 * (mixed + 9 * 8 * 4));
});

Deno.test("random sequences fill every position, and are the same for the same seed", () => {
  const dataset = new RandomDataset(LOAD, 5), { offsets, items } = dataset.sequences();
  const train = dataset.targets("train"), validation = dataset.targets("validation");
  assert.deepEqual([dataset.users, train.length, validation.length], [64, 64, 64]);
  train.forEach((row, i) => assert.equal(row - offsets[i + 1], 5));
  validation.forEach((row, i) => assert.equal(row - offsets[i + 1], 6));
  assert.equal(offsets.at(-1), items.length);
  assert.ok(items.every((item) => item >= 1 && item <= 30));
  assert.deepEqual(new RandomDataset(LOAD, 5).sequences().items, items);
  assert.notDeepEqual(new RandomDataset({ ...LOAD, seed: 2 }, 5).sequences().items, items);
  const [feature] = dataset.features();
  assert.ok(feature.kind === "categorical" && feature.codes.length === 31 && feature.codes[0] === 0);
});

Deno.test("times are summed up; an interrupt is heard between steps", async () => {
  assert.deepEqual(summarize([4, 1, 3, 2, 5]), { medianMs: 3, minMs: 1, quartilesMs: [2, 4] });
  assert.deepEqual(summarize([1, 2]), { medianMs: 1.5, minMs: 1, quartilesMs: [1.25, 1.75] });
  assert.ok(await timeStep(() => {}) >= 0);
  await assert.rejects(timeStep(() => {}, AbortSignal.abort()), Interrupted);
});

Deno.test("a step is measured whole, and leaves no tensor behind", async () => {
  const engine = await openEngine({ engine: "wasm" });
  assert.ok(await matMulPeak(engine, 1) > 0);
  const before = engine.memory().tensors;
  for (const loss of ["bce", "ce", "sampled-softmax"] as const) {
    const { tables, data } = await benchStep({ ...PLAN, loss });
    assert.equal(tables.length, 1);
    assert.deepEqual((data.times as number[][]).map((round) => round.length), [2, 2]);
    for (const figure of ["medianMs", "examplesPerSecond", "flops", "shareOfPeak"]) {
      assert.ok(data[figure] as number > 0, figure);
    }
    assert.equal(data.peer, undefined);
  }
  assert.equal(engine.memory().tensors, before);
  await assert.rejects(benchStep({ ...PLAN, lengths: [6] }), InputError);
  await assert.rejects(stepBench.run({ loss: "mse" }, {}), /--loss/);
});

Deno.test("PyTorch: absent with a reason, or a command", async () => {
  const absent = async (plan: StepPlan) => {
    const found = await automlpTwin(plan);
    return "absent" in found ? found.absent : assert.fail("it was found");
  };
  assert.match(await absent({ ...TORCH, dim: 32 }), /dim 64 only, not 32/);
  assert.match(await absent({ ...TORCH, loss: "ce" }), /loss bce only/);
  assert.match(await absent({ ...TORCH, negatives: 3 }), /negatives 1 only/);
  assert.match(await absent({ ...TORCH, longLayers: 1 }), /same number of layers/);
  assert.match(await absent(TORCH), /no script at/);

  await withPython(async (folder, python) => {
    const peerScript = join(folder, "step.py");
    Deno.writeTextFileSync(peerScript, "");
    assert.match(await absent({ ...TORCH, peerScript }), /no Python at/);
    Deno.writeTextFileSync(python, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    assert.match(await absent({ ...TORCH, peerScript }), /has no PyTorch/);
    Deno.writeTextFileSync(python, "#!/bin/sh\nexit 0\n", { mode: 0o755 });
    assert.deepEqual(await automlpTwin({ ...TORCH, peerScript, threads: 1 }), {
      command: [python, peerScript, "256", "2", "5"],
      env: { OMP_NUM_THREADS: "1" },
    });
  });
});

/** Provides a path for a stand-in for Python, which `AUTOMLP_PYTHON` names. */
async function withPython(body: (folder: string, python: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync(), given = Deno.env.get("AUTOMLP_PYTHON");
  const python = join(folder, "python");
  Deno.env.set("AUTOMLP_PYTHON", python);
  try {
    await body(folder, python);
  } finally {
    if (given === undefined) Deno.env.delete("AUTOMLP_PYTHON");
    else Deno.env.set("AUTOMLP_PYTHON", given);
    Deno.removeSync(folder, { recursive: true });
  }
}

const GRU: StepPlan = {
  ...PLAN,
  method: "gru4rec",
  sizes: ["hidden=6", "tied=false"],
  loss: undefined,
  peerScript: undefined,
};

Deno.test("a step of any method: its own sizes and loss, every target counted, no tensor left behind", async () => {
  const engine = await openEngine({ engine: "wasm" }), before = engine.memory().tensors;
  const { tables: [table], data } = await benchStep(GRU);
  assert.match(table.caption!, /GRU4Rec, 8 sequences, 30 items, .*hidden 6, tied false.*, ce; 2 × 2 steps/);
  assert.equal(data.flops, undefined);
  const { targetsPerSecond, examplesPerSecond } = data as Record<string, number>;
  assert(Math.abs(targetsPerSecond / examplesPerSecond - GRU.length) < 1e-9);
  assert.equal(engine.memory().tensors, before);
  await assert.rejects(benchStep({ ...GRU, method: "gru4recc" }), /no such method.*gru4rec/);
  await assert.rejects(benchStep({ ...GRU, sizes: ["width=3"] }), /no option width/);
  await assert.rejects(benchStep({ ...GRU, sizes: ["hidden"] }), /--sizes hidden has no value/);
});

Deno.test("a method's twin is handed its sizes, and may say that it has none", () =>
  withPython(async (_folder, python) => {
    Deno.writeTextFileSync(python, "#!/bin/sh\n[ $1 = -c ] || echo absent: no twin of $2\n", { mode: 0o755 });
    const work = stepWork(await openEngine({ engine: "wasm" }), GRU), twin = await work.twin();
    work.dispose();
    assert("command" in twin);
    const [, script, name, given] = twin.command, sizes = JSON.parse(given);
    assert.match(script, /bench.torch_method\.py$/);
    assert.deepEqual([name, sizes.batch, sizes.length, sizes.hidden, sizes.loss], ["gru4rec", 8, 5, 6, "ce"]);
    const { notes, data } = await benchStep({ ...GRU, peer: true });
    assert.match(notes.join(), /The peer did not run: no twin of gru4rec/);
    assert.equal(data.peer, undefined);
  }));

Deno.test("a twin that trains other values than ours is none", () =>
  withPython(async (_folder, python) => {
    const says = (text: string) =>
      Deno.writeTextFileSync(python, `#!/bin/sh\necho "${text}"\n`, { mode: 0o755 });
    // 2 × 31 × 4 of items, 3 × 6 × (4 + 6 + 2) of the cell, 4 × 6 + 4 of the output.
    says("torch 2: 492 parameters, 4.5 ms a step");
    const { data } = await benchStep({ ...GRU, peer: true });
    assert.deepEqual((data.peer as { runsMs: number[] }).runsMs, [4.5, 4.5]);
    says("torch 2: 491 parameters, 4.5 ms a step");
    await assert.rejects(benchStep({ ...GRU, peer: true }), /the peer: it trains 491 values, ours 492/);
    says("4.5 ms a step");
    await assert.rejects(
      benchStep({ ...GRU, peer: true }),
      /it trains an unknown number of values, ours 492/,
    );
  }));

Deno.test("a method that needs features is given some, and its twin the same; negatives are the loss's own", () =>
  withPython(async (_folder, python) => {
    Deno.writeTextFileSync(python, "#!/bin/sh\n", { mode: 0o755 });
    const engine = await openEngine({ engine: "wasm" });
    const handed = async (plan: StepPlan) => {
      const work = stepWork(engine, { ...plan, features: undefined, sizes: [] }), twin = await work.twin();
      assert("command" in twin);
      const given = JSON.parse(twin.command[3]), file = given.featureFile;
      const features = file && JSON.parse(Deno.readTextFileSync(file));
      work.dispose();
      if (file) assert.throws(() => Deno.statSync(file), Deno.errors.NotFound);
      return { given, features };
    };
    const own = new RandomDataset({ ...LOAD, features: 2 }, 5).features();
    assert.deepEqual(
      (await handed({ ...GRU, method: "fdsa" })).features,
      own.map(({ values, codes }) => ({ values, codes: [...codes] })),
    );
    const fpmc = await handed({ ...GRU, method: "fpmc" });
    assert.equal(fpmc.features, undefined);
    assert.deepEqual([fpmc.given.negatives, fpmc.given.users, fpmc.given.targets], [1000, 64, 40]);
    await assert.rejects(
      benchStep({ ...GRU, method: "fdsa", sizes: [], features: 0 }),
      /needs item features/,
    );
  }));

const torch = "command" in await twinCommand(GRU, fileURLToPath(import.meta.url), []);
for (const { name } of DESCRIPTIONS) {
  Deno.test({
    name: `${name}'s twin trains as many values as ours`,
    ignore: !torch,
    async fn() {
      const plan = { ...GRU, method: name, dim: 8, sizes: [], features: undefined, rounds: 1, peer: true };
      for (const more of name === "fpmc" ? [{ loss: "bpr" as const }, {}] : [{ loss: "bce" as const }, {}]) {
        const { data } = await benchStep({ ...plan, ...more });
        assert((data.peer as { medianMs: number } | undefined)!.medianMs > 0);
      }
    },
  });
}
