/** The bench of single layers: each is measured, its operations are counted, and no tensor is left; the peer's command. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { benchLayer, findTorchLayer, layerBench, type LayerPlan } from "../../bench/layer.ts";
import { type LayerName, LAYERS } from "../../bench/layer_work.ts";
import { openEngine } from "../../model/backend/engine.ts";

const PLAN: LayerPlan = {
  layer: "gru",
  batch: 3,
  length: 4,
  dim: 6,
  hidden: 5,
  items: 7,
  heads: 2,
  causal: true,
  dropout: 0.1,
  taps: 2,
  dilation: 1,
  activation: "gelu",
  seed: 1,
  engine: "wasm",
  steps: 2,
  rounds: 2,
  peer: false,
  peerScript: "none",
};

/** Multiplications and additions of the forward pass for 12 positions, by hand. */
const FORWARD: Record<LayerName, number> = {
  gru: 2 * 12 * 15 * (6 + 5),
  lstm: 2 * 12 * 20 * (6 + 5),
  attention: 2 * 12 * 3 * 6 * 6 + 2 * 2 * 12 * 4 * 6,
  conv: 2 * 12 * 2 * 6 * 5,
  "cross-entropy": 2 * 12 * 7 * 6,
  "layer-norm": 0,
  "feed-forward": 2 * 2 * 12 * 6 * 5,
};

Deno.test("every layer is measured, its operations counted, and no tensor left", async () => {
  const engine = await openEngine({ engine: "wasm" }), before = engine.memory().tensors;
  for (const layer of LAYERS) {
    const { tables, data } = await benchLayer({ ...PLAN, layer });
    assert.equal(tables.length, 1);
    assert.equal((data.rounds as unknown[]).length, 2);
    for (const figure of ["medianMs", "minMs"]) assert.ok(data[figure] as number > 0, figure);
    assert.equal(data.flops, 3 * FORWARD[layer], layer);
    assert.equal(data.peer, undefined);
  }
  assert.equal(engine.memory().tensors, before);
  await assert.rejects(layerBench.run({ layer: "gnu" }, {}), /--layer/);
  const little = {
    steps: 1,
    rounds: 1,
    length: 2,
    dim: 2,
    hidden: 2,
    items: 3,
    engine: "wasm",
    peer: false,
  };
  for (const [layer, batch] of [["conv", 256], ["cross-entropy", 64]] as const) {
    const { data } = await layerBench.run({ ...little, layer }, {});
    assert.equal((data.plan as LayerPlan).batch, batch);
  }
});

Deno.test("PyTorch takes turns: its times are read, and set against ours round by round", async () => {
  const folder = Deno.makeTempDirSync(), given = Deno.env.get("AUTOMLP_PYTHON");
  try {
    const peerScript = join(folder, "layer.py"), python = join(folder, "python");
    Deno.writeTextFileSync(peerScript, "");
    Deno.env.set("AUTOMLP_PYTHON", python);
    const plan = { ...PLAN, peer: true, peerScript };
    assert.match((await benchLayer(plan)).notes.at(-1)!, /The peer did not run: there is no Python at/);
    const says = (text: string) =>
      Deno.writeTextFileSync(python, `#!/bin/sh\necho "${text}"\n`, { mode: 0o755 });
    says("torch 2.15.0 threads 1: 4.000 ms a step, least 2.000, processor 3.000");
    const { data } = await benchLayer(plan);
    const peer = data.peer as Record<"medianMs" | "minMs" | "cpuMs" | "ratio", number> & { ratios: number[] };
    assert.deepEqual([peer.medianMs, peer.minMs, peer.cpuMs], [4, 2, 3]);
    assert.deepEqual(
      peer.ratios,
      (data.rounds as { medianMs: number }[]).map(({ medianMs }) => medianMs / 4),
    );
    assert.equal(peer.ratio, (peer.ratios[0] + peer.ratios[1]) / 2);
    says("something else");
    await assert.rejects(benchLayer(plan), /Cannot read the peer's times: it printed "something else"/);

    const found = await findTorchLayer({ ...plan, threads: 1 });
    assert.ok("command" in found);
    assert.deepEqual([found.command.slice(0, 2), found.env], [[python, peerScript], {
      OMP_NUM_THREADS: "1",
    }]);
    const told = JSON.parse(found.command[2]);
    assert.deepEqual([told.layer, told.batch, told.taps, told.warmUp], ["gru", 3, 2, 3]);
  } finally {
    if (given === undefined) Deno.env.delete("AUTOMLP_PYTHON");
    else Deno.env.set("AUTOMLP_PYTHON", given);
    Deno.removeSync(folder, { recursive: true });
  }
});
