import assert from "node:assert/strict";
import {
  defaultCandidates,
  LIMITS,
  networkSchema,
  resolveNetwork,
} from "../../../../model/methods/automlp/config.ts";

const SMALL = { items: 9, lengths: [3] };
const feature = (name: string) => ({ name, kind: "categorical" as const, values: 3 });

Deno.test("a network's defaults are filled in, and its candidates are in order", () => {
  const config = resolveNetwork({ ...SMALL, lengths: [5, 2, 9] });
  assert.deepEqual(config.lengths, [2, 5, 9]);
  assert.deepEqual([config.length, config.dim, config.longLayers, config.features], [50, 128, 2, []]);
  // By default, the long-term module has as many layers as a short-term one.
  const longLayers = (sizes: { layers: number; longLayers?: number }) =>
    resolveNetwork({ items: 4, lengths: [3], ...sizes }).longLayers;
  assert.deepEqual([longLayers({ layers: 3 }), longLayers({ layers: 3, longLayers: 0 })], [3, 0]);
  assert.deepEqual(resolveNetwork(config), config);
});

const WRONG: [change: object, message: string][] = [
  [{ length: 2 }, "the candidate length 3 is longer than the sequence, 2; raise --length"],
  [{ lengths: [3, 5, 3] }, "the candidates name the length 3 twice"],
  [{ lengths: [] }, "lengths: give at least 1 of them"],
  [{ lengths: Array.from({ length: 1e6 }, () => 1) }, "lengths: must be at most 1000 lengths"],
  [{ layers: 1e9 }, `layers: must be at most ${LIMITS.layers}`],
  [{ longLayers: 1e9 }, `longLayers: must be at most ${LIMITS.layers}`],
  [
    { layers: 4000, lengths: [1, 2, 3], longLayers: 2 },
    "it has 12002 layers in all modules, more than 10000",
  ],
  [{ length: 1e9 }, `length: must be at most ${LIMITS.length}`],
  [{ dim: 1_000_000 }, `dim: must be at most ${LIMITS.width}`],
  [{ sequenceHidden: 1e9 }, `sequenceHidden: must be at most ${LIMITS.width}`],
  [{ channelHidden: 1e9 }, `channelHidden: must be at most ${LIMITS.width}`],
  [{ items: 2 ** 31 }, `items: must be at most ${LIMITS.ids}`],
  [{ features: [feature("a"), feature("b"), feature("a")] }, 'two features are called "a"'],
  [
    { features: Array.from({ length: 100_000 }, (_, i) => feature(`${i}`)) },
    "features: must be at most 1000 features",
  ],
  [
    { features: [{ ...feature("a"), values: 2 ** 31 }] },
    `features.0.values: give a number up to ${LIMITS.ids}`,
  ],
  [{ layer: 2 } as object, 'there is no option layer (did you mean "layers"?)'],
];
for (const [change, message] of WRONG) {
  Deno.test(`refused alike from options and from a file: ${message}`, () => {
    const error = { name: "InputError", message: `Cannot build the network: ${message}` };
    assert.throws(() => resolveNetwork({ ...SMALL, ...change }), error);
    assert.equal(networkSchema.safeParse({ ...SMALL, ...change }).success, false);
  });
}

Deno.test("lengths to choose from, where none are named: those that fit, and reach back to a history that targets share", () => {
  const of = (sizes: { length: number; longLayers?: number; targetsPerHistory?: number }) =>
    defaultCandidates({ longLayers: 2, targetsPerHistory: 1, ...sizes });
  assert.deepEqual(of({ length: 50 }), [3, 5, 10, 15, 20]);
  assert.deepEqual(of({ length: 12 }), [3, 5, 10]);
  assert.deepEqual(of({ length: 2 }), [2]);
  assert.deepEqual(of({ length: 200, targetsPerHistory: 16 }), [15, 20, 30, 40]);
  assert.deepEqual(of({ length: 25, targetsPerHistory: 16 }), [15, 20]);
  assert.deepEqual(of({ length: 300, targetsPerHistory: 200 }), [300]);
  assert.deepEqual(of({ length: 50, targetsPerHistory: 16, longLayers: 0 }), [3, 5, 10, 15, 20]);
});
