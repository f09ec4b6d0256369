/**
 * How the learning rate goes over a training.
 *
 * @module
 */

/** As it is; or from it to a fiftieth along half a cosine, over all epochs (Loshchilov and Hutter, ICLR 2017, without restarts). */
export const SCHEDULES = ["constant", "cosine"] as const;
/** How the learning rate goes: one of the {@link SCHEDULES}. */
export type Schedule = (typeof SCHEDULES)[number];

/** What the cosine ends at, as a share of the rate it begins with. */
const LAST_RATE = 0.02;

/**
 * The share of the learning rate that a schedule leaves.
 *
 * @param done Steps done, over all that there are to be at most; what is beyond them has the last rate.
 */
export function scheduledShare(schedule: Schedule, done: number): number {
  if (schedule === "constant") return 1;
  return LAST_RATE + (1 - LAST_RATE) * (1 + Math.cos(Math.PI * Math.min(1, done))) / 2;
}
