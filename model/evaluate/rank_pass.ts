/**
 * One pass of a method over positives: every target's rank, for each requested protocol and logit adjustment.
 *
 * @module
 */
import type { SequenceDataset } from "../../pipeline/contract/dataset.ts";
import type { Protocol } from "../../pipeline/contract/dataset/protocols.ts";
import type { RankingProtocol } from "../records/evaluation.ts";
import type { Negatives } from "../../pipeline/contract/dataset/users_part.ts";
import { checkInterrupt, InputError } from "../../pipeline/contract/errors.ts";
import type { Progress } from "../../pipeline/contract/progress.ts";
import type { HeldOut } from "../../pipeline/contract/stage.ts";
import type { Histories, Recommender } from "../recommender.ts";
import { ItemSet } from "./item_set.ts";
import { type PositiveBlock, positiveBlocks, type Positives } from "./positives.ts";
import { type Adjustments, ranksAmongAll, ranksAmongNegatives } from "./ranks.ts";
import { historiesAtOnce, scoreChecked, ScoreRoom, sliceHistories } from "./scores.ts";
import { yieldWhereDue } from "../../pipeline/contract/machine/event_loop.ts";

/** The protocol that needs no negatives. */
export const FULL = "full";

/** Options of a ranking pass. */
export interface RankPass {
  split: HeldOut;
  positives: Positives;
  /** For each protocol, the adjustments that its targets are ranked with, ascending. */
  taus: ReadonlyMap<RankingProtocol, readonly number[]>;
  /** Logarithm of each item's share of popularity, [items + 1]; index 0 is not used. */
  logPopularity: Float32Array;
  /** Whether protocol `full` also ranks the items of the history. */
  keepSeen: boolean;
  batchSize?: number;
  /** The label of the progress line. */
  label: string;
  progress: Progress;
  signal?: AbortSignal;
  /**
   * Called with the scores of all items, [histories × (items + 1)], if `full` is ranked; they are valid until it
   * returns. `start` is the first positive of the batch.
   */
  onFull?: (start: number, scores: Float32Array, histories: Histories) => void;
}

/**
 * Ranks every positive, block by block: of a dataset in parts, one part is in memory at a time.
 *
 * @returns For each protocol, an array of [positives] ranks for each adjustment.
 * @throws {InputError} if the dataset's negatives do not match the positives.
 * @throws {RunError} if a score is NaN.
 * @throws {Interrupted} if `signal` is aborted.
 */
export async function rankPositives(
  recommender: Recommender,
  dataset: SequenceDataset,
  pass: RankPass,
): Promise<Map<RankingProtocol, Uint32Array[]>> {
  const { positives, taus, logPopularity, keepSeen, label, progress, signal, onFull } = pass;
  const sampled = [...taus.keys()].filter((protocol) => protocol !== FULL), full = taus.has(FULL);
  const n = positives.targets.length, itemSet = new ItemSet(dataset.items);
  const ranks = new Map([...taus].map(([protocol, { length }]) => [
    protocol,
    Array.from({ length }, () => new Uint32Array(n)),
  ]));
  const adjustments = (protocol: RankingProtocol): Adjustments => ({
    taus: taus.get(protocol)!,
    logPopularity,
  });
  const keep = (protocol: RankingProtocol, start: number, found: Uint32Array[]) =>
    found.forEach((of, t) => ranks.get(protocol)![t].set(of, start));
  const width = full ? dataset.items + 1 : 1 + sampled.length * dataset.manifest.negatives.count;
  const size = pass.batchSize ?? historiesAtOnce(width, recommender.length), room = new ScoreRoom();

  const task = progress.start(label, n, n === positives.groups.length - 1 ? "users" : "positives");
  try {
    for (const block of positiveBlocks(dataset, pass.split, positives.among)) {
      const frozen = sampled.map((protocol) => frozenNegatives(dataset, protocol, pass.split, block));
      const { length } = block.targets;
      for (let from = 0; from < length; from += size) {
        await yieldWhereDue();
        checkInterrupt(signal, label);
        const to = Math.min(from + size, length), start = block.start + from;
        const histories = sliceHistories(block.histories, from, to),
          targets = block.targets.subarray(from, to);
        const all = full ? await scoreChecked(recommender, histories, undefined, room) : undefined;
        if (frozen.length > 0) {
          const places = block.places?.subarray(from, to) ?? from;
          const { candidates, width, from: columns } = candidateBlock(targets, frozen, places);
          const scores = all
            ? scoresOf(candidates, width, all)
            : await scoreChecked(recommender, histories, candidates, room);
          for (const [i, protocol] of sampled.entries()) {
            const own = { width, from: columns[i], to: columns[i + 1] };
            keep(
              protocol,
              start,
              ranksAmongNegatives(scores, candidates, own, itemSet, adjustments(protocol)),
            );
          }
        }
        if (all) {
          const seen = keepSeen ? undefined : histories;
          keep(FULL, start, ranksAmongAll(all, targets, itemSet, seen, adjustments(FULL)));
          onFull?.(start, all, histories);
        }
        task.advance(to - from);
      }
    }
  } finally {
    task.end();
  }
  return ranks;
}

/** The negatives of a protocol, checked to match the positives one for one. */
function frozenNegatives(
  dataset: SequenceDataset,
  protocol: Protocol,
  split: RankPass["split"],
  { part, rows: chosen, places }: PositiveBlock,
): Negatives {
  const negatives = part.negatives(protocol, split), rows = places ? part.targets(split) : chosen;
  const same = negatives.rows.length === rows.length && rows.every((row, i) => row === negatives.rows[i]);
  if (!same) {
    throw new InputError(
      `Cannot evaluate by protocol "${protocol}": the dataset ${dataset.folder} has ${protocol} negatives for ` +
        `${negatives.rows.length} ${split} positives out of ${rows.length}; prepare it again`,
    );
  }
  return negatives;
}

/**
 * One block of candidates for all protocols, so that each history goes through the method once: column 0 is the
 * target, protocol i has the columns `from[i]` … `from[i + 1] − 1`.
 *
 * @param places Places of the targets among the negatives, or that of the first.
 */
function candidateBlock(targets: Uint32Array, negatives: Negatives[], places: Uint32Array | number) {
  const from = [1];
  for (const { count } of negatives) from.push(from.at(-1)! + count);
  const width = from.at(-1)!;
  const candidates = new Uint32Array(targets.length * width); // [n × width]
  for (let i = 0; i < targets.length; i++) {
    candidates[i * width] = targets[i];
    const place = typeof places === "number" ? places + i : places[i];
    for (const [p, { count, items }] of negatives.entries()) {
      candidates.set(items.subarray(place * count, (place + 1) * count), i * width + from[p]);
    }
  }
  return { candidates, width, from };
}

/**
 * Takes the scores of candidates from those of all items, so that nothing is scored twice.
 *
 * @param candidates Item ids, [n × width].
 * @param all Scores of all items, [n × (items + 1)].
 */
function scoresOf(candidates: Uint32Array, width: number, all: Float32Array): Float32Array {
  const n = candidates.length / width, items = all.length / n, scores = new Float32Array(candidates.length);
  for (let i = 0; i < n; i++) {
    for (let j = i * width; j < (i + 1) * width; j++) scores[j] = all[i * items + candidates[j]];
  }
  return scores;
}
