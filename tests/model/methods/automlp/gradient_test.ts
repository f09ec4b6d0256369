/** The gradients of the whole model, against numeric differentiation. */
import assert from "node:assert/strict";
import { openEngine } from "../../../../model/backend/engine.ts";
import { initialValues } from "../../../../model/layers/parameters.ts";
import { networkFor } from "../../../../model/methods/automlp/method.ts";
import { alphaGradient } from "../../../../model/search/alpha.ts";
import { type SearchResult, Trainer } from "../../../../model/search/trainer.ts";
import { LOSSES } from "../../../../model/train/losses/registry.ts";
import { poolOf } from "../../../../model/train/order.ts";
import { resolveTraining } from "../../../../model/train/options.ts";
import { inFolder, makeDataset } from "../../../pipeline/export/dataset.ts";
import { walks } from "../../support.ts";

const DIM = 5;
const ITEMS = Array.from("abcdefghijkl");
const SKETCH = {
  sequences: walks(4, 9, ITEMS),
  items: Object.fromEntries(ITEMS.map((id, i) => [id, {
    colour: ["red", "green", null][i % 3],
    tags: i < 2 ? null : `t${i % 4}|t${(i + 1) % 4}`,
    price: String(i / 6 - 1),
  }])),
  features: [
    { name: "colour", kind: "categorical" as const },
    { name: "tags", kind: "multi" as const, separator: "|" },
    { name: "price", kind: "numeric" as const },
  ],
};

/** Five-point derivative: its error is proportional to the fourth power of the step. */
function derivative(at: (shift: number) => number): number {
  const step = 4e-3;
  return (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step);
}

const KINDS = [
  ["cosine", undefined, "mixed", "concat"],
  ["dot", [], "side by side, sharing histories", "sum"],
  ["dot", [], "mixed", "sum"],
  ["dot", undefined, "side by side", "sum"],
  ["cosine", undefined, "mixed, sharing histories", "concat"],
] as const;
/** One loss over all items and one over some of them: what the other losses share with these is checked with these. */
const IN_EVERY_KIND: readonly string[] = ["ce", "sampled-softmax"];

const engine = await openEngine();
for (const loss of LOSSES) {
  for (const [score, features, kind, fusion] of IN_EVERY_KIND.includes(loss) ? KINDS : KINDS.slice(0, 2)) {
    Deno.test(`gradients: ${loss}, ${score}, ${features ? "no" : "three"} features (${fusion}), candidates ${kind}`, () =>
      inFolder(async (folder) => {
        const { tf } = engine, dataset = await makeDataset(folder, SKETCH);
        const network = networkFor(dataset, {
          features,
          length: 6,
          dim: DIM,
          longLayers: features ? 2 : 1,
          sequenceHidden: 7,
          channelHidden: 4,
          lengths: [2, 3],
          score,
          temperature: 0.3,
          fusion,
          dropout: 0.3,
          seenBias: features ? 0 : -1.2,
          targetsPerHistory: kind.includes("sharing") ? 3 : 1,
        });
        const settings = resolveTraining({
          loss,
          trainNegatives: 3,
          logitAdjustment: score === "dot" && loss === "ce" ? 0.5 : 0,
        });
        const trainer = new Trainer(
          engine,
          dataset,
          network,
          settings,
          poolOf(dataset.targets("train")),
          "test",
        );
        const { specs } = trainer.optimizer;
        const values = new Map(specs.map((spec) => [
          spec.name,
          initialValues({ ...spec, deviation: spec.deviation * 3 + 0.2 }, 3),
        ]));
        values.get("items.embedding")!.fill(0, 0, DIM);
        const example = trainer.next();
        const dropout = { rate: 0.3, mask: (place: number) => 5 + place };
        const alpha = [0.3, -0.2], scale = [0.8], targets = example.targets.length;
        const choice = kind.startsWith("mixed")
          ? alpha
          : { candidates: [0, 1], windows: [[0, targets - 1], [1, targets]] as const };
        const before = engine.memory().tensors;
        const pass = <T>(read: (result: SearchResult) => T, mixOnly = false): T => {
          let found: T;
          tf.tidy(() => {
            const tensors = new Map(
              specs.map(({ name, shape }) => [name, tf.tensor(values.get(name)!, shape)]),
            );
            const weights = (name: string) => tensors.get(name)!;
            found = read(
              mixOnly
                ? trainer.mixGradient(weights, alpha, example, dropout, scale[0])
                : trainer.evaluate(weights, choice, example, dropout, scale[0]),
            );
          });
          return found!;
        };
        // With separate losses of the candidates, the gradients are those of the sum of these losses.
        const lossAt = () => pass(({ loss }) => tf.sum(loss).dataSync()[0]);
        const found = pass(({ gradients, rows: [{ rows, gradient }], dMix, dScale }) => ({
          gradients: Object.entries(gradients).map(([name, tensor]) =>
            [name, tensor.dataSync().slice()] as const
          ),
          items: rows,
          dTable: gradient.dataSync().slice(),
          dAlpha: dMix && alphaGradient(alpha, dMix.dataSync()),
          dScale: dScale!.dataSync()[0],
        }));

        const agree = (name: string, numbers: Float32Array | number[], i: number, gradient: number) => {
          const original = numbers[i];
          const numeric = derivative((shift) => {
            numbers[i] = original + shift;
            const value = lossAt();
            numbers[i] = original;
            return value;
          });
          const error = Math.abs(numeric - gradient);
          assert(
            error < 2e-3 + 0.02 * Math.abs(numeric),
            `${name}[${i}]: ${gradient}, numerically ${numeric}`,
          );
        };
        for (const [name, gradient] of found.gradients) {
          const i = 37 % gradient.length;
          agree(name, values.get(name)!, i, gradient[i]);
        }
        found.items.forEach((item, row) => {
          if (row % 3 === 0) {
            agree("items", values.get("items.embedding")!, item * DIM, found.dTable[row * DIM]);
          }
        });
        agree("scale", scale, 0, found.dScale);
        const named = new Set(found.gradients.map(([name]) => name));
        assert.deepEqual(specs.map(({ name }) => name).filter((name) => !named.has(name)), [
          "items.embedding",
        ]);
        assert.equal(engine.memory().tensors, before, "no tensor is left behind");

        const { dAlpha } = found;
        if (dAlpha) {
          alpha.forEach((_, m) => agree("alpha", alpha, m, dAlpha[m]));
          const alone = pass(
            ({ dMix, dScale }) => [...alphaGradient(alpha, dMix!.dataSync()), dScale!.dataSync()[0]],
            true,
          );
          [...dAlpha, found.dScale].forEach((d, i) => assert(Math.abs(d - alone[i]) < 1e-5));
        }
        trainer.dispose();
      }));
  }
}
