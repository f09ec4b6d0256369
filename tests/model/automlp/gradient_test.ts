/** The gradients of the whole model, against numeric differentiation. */
import assert from "node:assert/strict";
import type { ItemFeature } from "../../../pipeline/contract/dataset/item_features.ts";
import type { Sequences } from "../../../pipeline/contract/dataset/users_part.ts";
import { resolveNetwork } from "../../../model/automlp/config.ts";
import { alphaGradient, modelParameters } from "../../../model/automlp/network.ts";
import { Objective } from "../../../model/automlp/objective.ts";
import { openEngine } from "../../../model/backend/engine.ts";
import { ItemEncoder } from "../../../model/layers/embedding.ts";
import { initialValues } from "../../../model/layers/parameters.ts";
import { LOSSES } from "../../../model/train/losses/registry.ts";
import { NegativeSampler } from "../../../model/train/negatives.ts";

const ITEMS = 12, DIM = 5;
const SEQUENCES: Sequences = {
  offsets: Uint32Array.of(0, 0, 9, 20),
  items: Uint32Array.from({ length: 20 }, (_, i) => 1 + (i * 7) % ITEMS),
  timestamps: new Float64Array(20),
  splits: new Uint8Array(20).fill(1), // so that no negative is one of the user's own items
};
const FEATURES: ItemFeature[] = [
  {
    name: "c",
    kind: "categorical",
    values: 3,
    codes: Uint32Array.from({ length: ITEMS + 1 }, (_, i) => i % 4),
  },
  {
    name: "m",
    kind: "multi",
    values: 4,
    offsets: Uint32Array.from({ length: ITEMS + 2 }, (_, i) => i < 2 ? 0 : (i - 1) * 2),
    codes: Uint32Array.from({ length: 2 * ITEMS }, (_, i) => 1 + i % 4),
  },
  {
    name: "n",
    kind: "numeric",
    values: 0,
    numbers: Float32Array.from({ length: ITEMS + 1 }, (_, i) => i / 6 - 1),
  },
];

/** Four targets, of which the last two share the history before the first of them. */
const SHARING = {
  rows: Uint32Array.of(3, 8, 17, 19),
  firsts: Uint32Array.of(3, 8, 17),
  groupOf: Int32Array.of(0, 1, 2, 2),
};

/** Five-point derivative: its error is proportional to the fourth power of the step. */
function derivative(at: (shift: number) => number): number {
  const step = 4e-3;
  return (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step);
}

const KINDS = [
  ["cosine", FEATURES, "mixed", "concat"],
  ["dot", [], "side by side, sharing histories", "sum"],
  ["dot", [], "mixed", "sum"],
  ["dot", FEATURES, "side by side", "sum"],
  ["cosine", FEATURES, "mixed, sharing histories", "concat"],
] as const;
/** One loss over all items and one over some of them: what the other losses share with these is checked with these. */
const IN_EVERY_KIND: readonly string[] = ["ce", "sampled-softmax"];

const engine = await openEngine();
for (const loss of LOSSES) {
  for (const [score, features, kind, fusion] of IN_EVERY_KIND.includes(loss) ? KINDS : KINDS.slice(0, 2)) {
    Deno.test(`gradients: ${loss}, ${score}, ${features.length} features (${fusion}), candidates ${kind}`, () => {
      const { tf } = engine;
      const network = resolveNetwork({
        items: ITEMS,
        features: features.map(({ name, kind, values }) => ({ name, kind, values })),
        length: 6,
        dim: DIM,
        longLayers: features.length === 0 ? 2 : 1,
        sequenceHidden: 7,
        channelHidden: 4,
        lengths: [2, 3],
        score,
        temperature: 0.3,
        fusion,
        ...(features.length > 0 && { seenBias: -1.2 }),
      });
      const encoder = new ItemEncoder(engine, ITEMS, DIM, features, fusion);
      const specs = modelParameters(network);
      const sampler = new NegativeSampler("uniform", new Uint32Array(ITEMS + 1).fill(2, 1), 1);
      const adjustment = Float32Array.from({ length: ITEMS }, (_, i) => -i / 5);
      const options = { loss, negatives: 3, sampler, ...(score === "dot" && { adjustment }) };
      const objective = new Objective(engine, network, encoder, options);
      const values = new Map(specs.map((spec) => [
        spec.name,
        initialValues({ ...spec, deviation: spec.deviation * 3 + 0.2 }, 3),
      ]));
      values.get("items.embedding")!.fill(0, 0, DIM);
      // Targets after short and long histories, so that there is padding.
      const example = kind.includes("sharing")
        ? objective.sharingExample(SHARING, 0, SEQUENCES)
        : objective.example(SHARING.rows, 0, SEQUENCES);
      const dropout = { rate: 0.3, mask: (place: number) => 5 + place };
      const alpha = [0.3, -0.2], scale = [0.8];
      const choice = kind.startsWith("mixed")
        ? alpha
        : { candidates: [0, 1], windows: [[0, 3], [1, 4]] as const };
      const before = engine.memory().tensors;
      const pass = <T>(read: (result: ReturnType<Objective["evaluate"]>) => T): T => {
        let found: T;
        tf.tidy(() => {
          const tensors = new Map(
            specs.map(({ name, shape }) => [name, tf.tensor(values.get(name)!, shape)]),
          );
          found = read(objective.evaluate((name) => tensors.get(name)!, choice, example, dropout, scale[0]));
        });
        return found!;
      };
      // With separate losses of the candidates, the gradients are those of the sum of these losses.
      const lossAt = () => pass(({ loss }) => tf.sum(loss).dataSync()[0]);
      const found = pass(({ gradients, items, dTable, dMix }) => ({
        gradients: [...gradients.byName].map(([name, tensor]) => [name, tensor.dataSync().slice()] as const),
        items,
        dTable: dTable.dataSync().slice(),
        dAlpha: dMix && alphaGradient(alpha, dMix.dataSync()),
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
        for (const i of [37 % gradient.length]) {
          agree(name, values.get(name)!, i, gradient[i]);
        }
      }
      found.items.forEach((item, row) => {
        if (row % 3 === 0) {
          agree("items", values.get("items.embedding")!, item * DIM, found.dTable[row * DIM]);
        }
      });
      const named = new Set(found.gradients.map(([name]) => name));
      assert.deepEqual(specs.map(({ name }) => name).filter((name) => !named.has(name)), [
        "items.embedding",
      ]);
      assert.equal(engine.memory().tensors, before, "no tensor is left behind");

      const { dAlpha } = found;
      if (!dAlpha) return;
      alpha.forEach((_, m) => agree("alpha", alpha, m, dAlpha[m]));
      const [alone, dScale] = tf.tidy(() => {
        const tensors = new Map(
          specs.map(({ name, shape }) => [name, tf.tensor(values.get(name)!, shape)]),
        );
        const weights = (name: string) => tensors.get(name)!;
        const { dMix, dScale } = objective.mixGradient(weights, alpha, example, dropout, scale[0]);
        return [dMix.dataSync() as Float32Array, dScale.dataSync()[0]] as const;
      });
      agree("scale", scale, 0, dScale);
      alphaGradient(alpha, alone).forEach((d, m) => assert(Math.abs(d - dAlpha[m]) < 1e-6));
    });
  }
}
