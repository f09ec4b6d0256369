/**
 * Negatives for training, drawn afresh for each batch.
 *
 * @module
 */
import type { Same } from "../../pipeline/contract/options/describes.ts";
import { AliasTable } from "../../pipeline/contract/alias.ts";
import type { Sequences } from "../../pipeline/contract/dataset/users_part.ts";
import { RandomStream } from "../../pipeline/contract/random.ts";
import type { NegativesKind } from "./losses/loss.ts";

/**
 * How training negatives are distributed.
 *
 * @example
 * ```ts
 * import { DISTRIBUTIONS, planOf } from "automlp";
 *
 * const methods = DISTRIBUTIONS.map((trainDistribution) => ({
 *   method: "sasrec" as const, label: trainDistribution, loss: "bce" as const, trainDistribution,
 * }));
 * console.log(planOf({ name: "negatives", methods, seeds: [1], common: { epochs: 5 } }));
 * ```
 */
export const DISTRIBUTIONS = ["uniform", "popularity"] as const;
/** How training negatives are distributed: one of the {@link DISTRIBUTIONS}. */
export type Distribution = "uniform" | "popularity";
true satisfies Same<Distribution, (typeof DISTRIBUTIONS)[number]>;

/** Maximum number of redraws of a negative that is one of the user's own items, before it is accepted. */
const PATIENCE = 50;

/**
 * Users with more interactions have their items sorted once and looked up. Going through all of them for each target
 * would take the square of their number: minutes per epoch for a user with some hundred thousand.
 */
const MANY = 1000;

/** Targets to draw negatives for. */
export interface AskedTargets {
  /** Users, [B], within `sequences`. */
  users: Uint32Array;
  /** Item ids, [B]. */
  targets: Uint32Array;
  /** The users' sequences: their items in training are not drawn for them. */
  sequences: Sequences;
}

/** Draws items; a draw is a pure function of (seed, batch number, place in the batch). */
export class NegativeSampler {
  readonly #table: AliasTable;
  readonly #logChance: Float64Array;
  readonly #random: RandomStream;
  /** For each item, the number of the last target whose user owned it: cheaper than a set for each target. */
  readonly #stamps: Float64Array;
  #stamp = 0;
  /** For each open part, the sorted items of its users with more than {@link MANY} interactions. */
  readonly #sorted = new WeakMap<Sequences, Map<number, Uint32Array>>();

  /**
   * @param counts How often each item occurs in training, for `popularity`, [items + 1].
   */
  constructor(distribution: Distribution, counts: Uint32Array, seed: number) {
    const weights = Float64Array.from(
      counts,
      (n, item) => item === 0 ? 0 : distribution === "uniform" ? 1 : n,
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    this.#table = new AliasTable(weights);
    const rarest = weights.reduce((least, weight) => weight > 0 && weight < least ? weight : least, Infinity);
    this.#logChance = weights.map((weight) => Math.log((weight || rarest) / sum));
    this.#random = new RandomStream(seed, `training negatives/${distribution}`);
    this.#stamps = new Float64Array(counts.length);
  }

  /** Logarithm of an item's probability in one draw. For an item that is never drawn, that of the rarest drawn item. */
  logChance(item: number): number {
    return this.#logChance[item];
  }

  /**
   * Draws the negatives that a loss compares with.
   *
   * @param count Number of negatives for each target, or for the batch.
   * @param batch The number of the batch.
   */
  draw(kind: NegativesKind, asked: AskedTargets, count: number, batch: number): Uint32Array {
    switch (kind) {
      case "none":
        return new Uint32Array(0);
      case "each target":
        return this.each(asked, count, batch);
      case "shared":
        return this.shared(count, batch);
    }
  }

  /**
   * Draws negatives for each target: neither the target nor items that its user chose in training.
   *
   * @returns [B × count]
   */
  each({ users, targets, sequences }: AskedTargets, count: number, batch: number): Uint32Array {
    const drawn = new Uint32Array(users.length * count);
    for (let b = 0; b < users.length; b++) {
      const isOwn = this.#ownItems(users[b], targets[b], sequences);
      this.#random.seek(batch, b);
      for (let i = 0; i < count; i++) {
        let item = this.#table.draw(this.#random);
        for (let tries = 0; isOwn(item) && tries < PATIENCE; tries++) item = this.#table.draw(this.#random);
        drawn[b * count + i] = item;
      }
    }
    return drawn;
  }

  /** Tells whether an item is the target or one that its user has in training; valid until the next target. */
  #ownItems(user: number, target: number, sequences: Sequences): (item: number) => boolean {
    const { offsets, items, splits } = sequences, start = offsets[user], end = offsets[user + 1];
    if (end - start > MANY) {
      const sorted = this.#sortedOf(user, sequences);
      return (item) => item === target || isAmong(sorted, item);
    }
    const stamp = ++this.#stamp, stamps = this.#stamps;
    stamps[target] = stamp;
    for (let row = start; row < end; row++) if (splits[row] === 0) stamps[items[row]] = stamp;
    return (item) => stamps[item] === stamp;
  }

  /** The items that a user has in training, ascending, without duplicates: computed at the user's first target. */
  #sortedOf(user: number, sequences: Sequences): Uint32Array {
    let ofUsers = this.#sorted.get(sequences);
    if (!ofUsers) this.#sorted.set(sequences, ofUsers = new Map());
    let sorted = ofUsers.get(user);
    if (!sorted) {
      const { offsets, items, splits } = sequences, own = new Set<number>();
      for (let row = offsets[user]; row < offsets[user + 1]; row++) {
        if (splits[row] === 0) own.add(items[row]);
      }
      ofUsers.set(user, sorted = Uint32Array.from(own).sort());
    }
    return sorted;
  }

  /** Draws the negatives that a whole batch shares, with replacement. */
  shared(count: number, batch: number): Uint32Array {
    this.#random.seek(batch, 0xffffffff);
    return Uint32Array.from({ length: count }, () => this.#table.draw(this.#random));
  }
}

/** Whether ascending numbers contain one, by bisection. */
function isAmong(sorted: Uint32Array, item: number): boolean {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < item) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === item;
}
