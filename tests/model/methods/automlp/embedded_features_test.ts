/** Which item features a network embeds. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { networkFor, openEngine, RunFolder, runJob, type SequenceDataset, train } from "../../../../mod.ts";
import { modelParameters } from "../../../../model/methods/automlp/network.ts";
import { checkNetworkOf } from "../../../../model/methods/automlp/method.ts";
import { loadModel, saveModel } from "../../../../model/methods/store.ts";
import { trainablePlan } from "../../../../model/studies/plan.ts";
import { PLANS } from "../../../../model/studies/built_in_plans.ts";
import { inFolder, makeDataset } from "../../../pipeline/export/dataset.ts";
import { refused, walks } from "../../support.ts";

const ITEMS = Array.from("abcdefghij");
const sizes = { length: 6, dim: 8, layers: 1, longLayers: 1, sequenceHidden: 8, channelHidden: 8 };
const lengths = [2];
const HISTORY = { items: Uint32Array.of(1, 2, 3), starts: Uint32Array.of(0), ends: Uint32Array.of(3) };
const SETTINGS = { epochs: 2, batchSize: 32, seed: 3 };

/** Runs a test with the same interactions, of items with two features and with none. */
async function inBoth(test: (rich: SequenceDataset, bare: SequenceDataset, dir: string) => Promise<void>) {
  await inFolder(async (dir) => {
    const sequences = walks(30, 6, ITEMS), at = (name: string) => join(dir, name);
    const features = (i: number) => ({ colour: ["red", "blue"][i % 2], size: ["s", "m", "l"][i % 3] });
    const items = (of: (i: number) => Record<string, string>) =>
      Object.fromEntries(ITEMS.map((id, i) => [id, of(i)]));
    for (const name of ["rich", "bare"]) Deno.mkdirSync(at(name));
    const rich = await makeDataset(at("rich"), {
      sequences,
      items: items(features),
      features: ["colour", "size"].map((name) => ({ name, kind: "categorical" })),
    });
    await test(rich, await makeDataset(at("bare"), { sequences, items: items(() => ({})) }), dir);
  });
}

Deno.test("a network embeds the features that are named, in the dataset's order; left out, all", () =>
  inBoth(async (rich, bare) => {
    const names = (features?: string[]) =>
      networkFor(rich, { ...sizes, lengths, features }).features.map(({ name }) => name);
    assert.deepEqual(names(), ["colour", "size"]);
    assert.deepEqual(names(["size", "colour"]), ["colour", "size"]);
    assert.deepEqual(names(["size"]), ["size"]);
    assert.deepEqual(names([]), []);
    assert.deepEqual(
      modelParameters(networkFor(rich, { ...sizes, lengths, features: [] })),
      modelParameters(networkFor(bare, { ...sizes, lengths })),
    );
    assert.throws(() => names(["colours"]), {
      name: "InputError",
      message:
        /^Cannot embed the feature "colours": the items of .* have the features colour, size \(did you mean "colour"\?\)$/,
    });
    assert.throws(() => networkFor(bare, { ...sizes, lengths, features: ["colour"] }), {
      message:
        /^Cannot embed the feature "colour": the items of .* have no features; prepare with (--)?items, or leave/,
    });
    const other = networkFor(rich, { ...sizes, lengths, features: ["size"] });
    for (const dataset of [rich]) checkNetworkOf(dataset, other);
    await refused(
      () => checkNetworkOf(bare, other),
      /has 10 items and the features size .*, the dataset has 10 and none/,
    );
    const turned = networkFor(rich, { ...sizes, lengths });
    turned.features.reverse();
    await refused(
      () => checkNetworkOf(rich, turned),
      /the features size .*, colour .*, the dataset has 10 and colour/,
    );
  }));

Deno.test("without features it learns what it learns on items that have none", () =>
  inBoth(async (rich, bare) => {
    const engine = await openEngine();
    const scores = async (dataset: SequenceDataset, features?: string[]) => {
      const model = await train("automlp", dataset, { ...sizes, lengths, features, ...SETTINGS }, engine);
      return await model.score(HISTORY);
    };
    const without = await scores(rich, []);
    assert.deepEqual(without, await scores(bare));
    assert.notDeepEqual(without, await scores(rich));
    assert.notDeepEqual(without, await scores(rich, ["size"]));
  }));

Deno.test("a model of a version that put vectors side by side and did not say so scores as it did", () =>
  inBoth(async (rich, _bare, dir) => {
    const engine = await openEngine(), run = RunFolder.create(join(dir, "earlier"));
    const options = { ...sizes, lengths, fusion: "concat", ...SETTINGS } as const;
    const model = await train("automlp", rich, options, engine);
    await saveModel(run, model, { dataset: rich, seed: 3 });
    const path = join(run.path, "model", "config.json"), saved = JSON.parse(Deno.readTextFileSync(path));
    assert.equal(saved.config.fusion, "concat");
    delete saved.config.fusion;
    Deno.removeSync(join(run.path, "checksums.json"));
    Deno.writeTextFileSync(path, JSON.stringify(saved));
    const { model: earlier, dispose } = await loadModel(run, rich, { engine });
    try {
      assert.deepEqual(await earlier.score(HISTORY), await model.score(HISTORY));
    } finally {
      dispose();
    }
  }));

Deno.test("a job embeds what it is told, and its model is read again", () =>
  inBoth(async (rich, bare, dir) => {
    const job = {
      ...sizes,
      search: "none",
      short: 2,
      epochs: 1,
      metric: "HR@5",
      ks: 5,
    } as const;
    const featuresOf = async (name: string, embeddedFeatures?: string | string[]) => {
      const out = join(dir, name);
      await runJob(rich, { ...job, embeddedFeatures, until: "retrain" }, { out });
      const { model, dispose } = await loadModel(RunFolder.open(out), rich);
      try {
        assert.equal((await model.score(HISTORY)).length, 11);
      } finally {
        dispose();
      }
      const { config } = JSON.parse(Deno.readTextFileSync(join(out, "model", "config.json")));
      return config.features.map(({ name }: { name: string }) => name);
    };
    assert.deepEqual(await featuresOf("all"), ["colour", "size"]);
    assert.deepEqual(await featuresOf("one", "size"), ["size"]);
    assert.deepEqual(await featuresOf("none", "none"), []);
    assert.deepEqual(await featuresOf("empty", []), []);
    await assert.rejects(featuresOf("odd", "price"), { message: /Cannot embed the feature "price"/ });
    const { plan, leftOut } = trainablePlan(PLANS["ablation"].make({ common: {} }), bare);
    assert.deepEqual(leftOut, ["without item features"]);
    const whole = PLANS["ablation"].make({ common: {} }).variants.map(({ label }) => label);
    assert.deepEqual(whole, plan.variants.map(({ label }) => label).toSpliced(4, 0, ...leftOut));
    for (const loss of ["bce", "bpr", "sampled-softmax", "bpr-max", "top1-max"]) {
      assert(whole.includes(`loss ${loss}`), loss);
    }
    assert(!whole.includes("loss ce"));
  }));
