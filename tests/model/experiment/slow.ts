/** Jobs on a clock that advances by a millisecond each time somebody looks at it: the same on every machine. */

/** Sizes of a job that has no end. */
export const SMALL = {
  length: 6,
  dim: 4,
  layers: 1,
  longLayers: 0,
  sequenceHidden: 4,
  channelHidden: 4,
  candidates: [1, 2],
  batchSize: 256,
  searchEpochs: 100_000,
  epochs: 100_000,
  patience: 100_000,
  metric: "HR@1" as const,
  ks: [1],
  keepSeen: true, // planted data repeat items, of which a run without it warns
};

/** Runs `work` on the slow clock; gives its result, and what it took by that clock, in seconds. */
export async function onSlowClock<T>(work: () => Promise<T>): Promise<{ result: T; taken: number }> {
  const real = performance.now;
  let looks = 0;
  performance.now = () => ++looks;
  try {
    return { result: await work(), taken: looks / 1000 };
  } finally {
    performance.now = real;
  }
}
