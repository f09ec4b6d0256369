/** Jobs on a clock that advances by a millisecond with each reading: the same on every machine. */

/** Sizes of a job that does not end by itself. */
export const SMALL = {
  length: 6,
  dim: 4,
  layers: 1,
  longLayers: 0,
  sequenceHidden: 4,
  channelHidden: 4,
  lengths: [1, 2],
  batchSize: 256,
  searchEpochs: 100_000,
  epochs: 100_000,
  patience: 100_000,
  metric: "HR@1" as const,
  ks: [1],
  keepSeen: true, // planted data repeat items, and without this a run warns about that
};

/** Runs `work` on the slow clock; returns its result, and the seconds it took on that clock. */
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
