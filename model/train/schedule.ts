/**
 * The learning rate over a training.
 *
 * @module
 */

/**
 * The learning rate over a training: constant, or falling to a fiftieth along half a cosine over all epochs
 * (Loshchilov and Hutter, ICLR 2017, without restarts).
 */
export const SCHEDULES = ["constant", "cosine"] as const;
/** The learning rate over a training: one of the {@link SCHEDULES}. */
export type Schedule = (typeof SCHEDULES)[number];

/** The final rate of the cosine, as a share of the initial rate. */
const LAST_RATE = 0.02;

/**
 * Returns the share of the learning rate that a schedule leaves.
 *
 * @param done Steps done, as a share of the maximum number; beyond that, the rate stays at its last value.
 */
export function scheduledShare(schedule: Schedule, done: number): number {
  if (schedule === "constant") return 1;
  return LAST_RATE + (1 - LAST_RATE) * (1 + Math.cos(Math.PI * Math.min(1, done))) / 2;
}
