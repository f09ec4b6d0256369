/** The bench of a training step: its random data, its arithmetic, a peer that is installed or not. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { benchStep, stepBench, type StepPlan, stepWork, timeStep } from "../../bench/step.ts";
import { findPython } from "../../bench/measure.ts";
import { RandomDataset } from "../../bench/random_dataset.ts";
import { openEngine } from "../../model/backend/engine.ts";
import { DESCRIPTIONS } from "../../model/methods/registry.ts";
import { Interrupted } from "../../pipeline/contract/errors.ts";

const GRU: StepPlan = {
  ...{ method: "gru4rec", sizes: ["hidden=6", "tied=false"], batch: 8, length: 5, dim: 4, items: 30 },
  ...{ dropout: 0, precision: "float32", engine: "wasm", seed: 1, steps: 2, rounds: 2, peer: false },
};
const engine = await openEngine({ engine: "wasm" });

Deno.test("random sequences fill every position, and are the same for the same seed", () => {
  const load = { batch: 8, items: 30, features: 1, seed: 1 };
  const dataset = new RandomDataset(load, 5), { offsets, items } = dataset.sequences();
  const train = dataset.targets("train"), validation = dataset.targets("validation");
  assert.deepEqual([dataset.users, train.length, validation.length], [64, 64, 64]);
  train.forEach((row, i) => assert.equal(row - offsets[i + 1], 5));
  assert.equal(offsets.at(-1), items.length);
  assert.ok(items.every((item) => item >= 1 && item <= 30));
  assert.deepEqual(new RandomDataset(load, 5).sequences().items, items);
  assert.notDeepEqual(new RandomDataset({ ...load, seed: 2 }, 5).sequences().items, items);
});

Deno.test("an interrupt is heard between steps", async () => {
  await assert.rejects(timeStep(() => {}, AbortSignal.abort()), Interrupted);
});

for (const method of ["automlp", "gru4rec"]) {
  Deno.test(`a step of ${method}: every target counted, no tensor left behind`, async () => {
    const before = engine.memory().tensors, sizes = method === "automlp" ? ["sequenceHidden=6"] : GRU.sizes;
    const { tables: [table], data } = await benchStep({ ...GRU, method, sizes });
    assert.match(table.caption!, /8 sequences, 30 items, .*idden 6, .*; 2 × 2 steps/);
    const { targetsPerSecond, examplesPerSecond } = data as Record<string, number>;
    const targets = method === "automlp" ? 1 : GRU.length;
    assert(Math.abs(targetsPerSecond / examplesPerSecond - targets) < 1e-9);
    assert.equal(engine.memory().tensors, before);
  });
}

Deno.test("what cannot be measured is refused", async () => {
  await assert.rejects(benchStep({ ...GRU, method: "gru4recc" }), /no such method.*gru4rec/);
  await assert.rejects(benchStep({ ...GRU, sizes: ["width=3"] }), /no option width/);
  await assert.rejects(benchStep({ ...GRU, sizes: ["hidden"] }), /--sizes hidden has no value/);
  await assert.rejects(stepBench.run({ loss: "mse" }, {}), /--loss/);
});

Deno.test("a twin may be absent, have no such step, or train other values than ours", async () => {
  const folder = Deno.makeTempDirSync(), given = Deno.env.get("AUTOMLP_PYTHON");
  const python = join(folder, "python"), peer = { ...GRU, peer: true };
  const says = (script: string) => Deno.writeTextFileSync(python, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  Deno.env.set("AUTOMLP_PYTHON", python);
  try {
    assert.match((await benchStep(peer)).notes.join(), /no Python at/);
    says("exit 1");
    assert.match((await benchStep(peer)).notes.join(), /has no PyTorch/);
    says("[ $1 = -c ] || echo absent: no twin of $2");
    assert.match((await benchStep(peer)).notes.join(), /The peer did not run: no twin of gru4rec/);
    // 2 × 31 × 4 of items, 3 × 6 × (4 + 6 + 2) of the cell, 4 × 6 + 4 of the output.
    says('echo "torch 2: 492 parameters, 4.5 ms a step"');
    assert.deepEqual(((await benchStep(peer)).data.peer as { runsMs: number[] }).runsMs, [4.5, 4.5]);
    says('echo "torch 2: 491 parameters, 4.5 ms a step"');
    await assert.rejects(benchStep(peer), /the peer: it trains 491 values, ours 492/);

    const work = stepWork(engine, { ...GRU, method: "fdsa", sizes: [] }), twin = await work.twin();
    assert("command" in twin);
    const file = JSON.parse(twin.command[3]).featureFile, own = new RandomDataset({ ...GRU, features: 2 }, 5);
    assert.deepEqual(
      JSON.parse(Deno.readTextFileSync(file)),
      own.features().map(({ values, codes }) => ({ values, codes: [...codes] })),
    );
    work.dispose();
    assert.throws(() => Deno.statSync(file), Deno.errors.NotFound);
  } finally {
    if (given === undefined) Deno.env.delete("AUTOMLP_PYTHON");
    else Deno.env.set("AUTOMLP_PYTHON", given);
    Deno.removeSync(folder, { recursive: true });
  }
});

const torch = "python" in await findPython("bench/torch_method.py", "torch", "PyTorch");
for (const { name } of DESCRIPTIONS) {
  Deno.test({
    name: `${name}'s twin trains as many values as ours`,
    ignore: !torch,
    async fn() {
      const plan = { ...GRU, method: name, dim: 8, sizes: [], rounds: 1, peer: true };
      for (const more of name === "fpmc" ? [{ loss: "bpr" as const }, {}] : [{ loss: "bce" as const }, {}]) {
        const { data } = await benchStep({ ...plan, ...more });
        assert((data.peer as { medianMs: number } | undefined)!.medianMs > 0);
      }
    },
  });
}
