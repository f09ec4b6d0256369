/**
 * Reasons why a search says less than it seems to: too few held-out targets, candidates longer than nearly all
 * histories, networks that memorized the training part.
 *
 * @module
 */
import { MOST_SHORTER } from "../methods/automlp/lengths.ts";
import type { Evidence } from "../records/records.ts";

/** With fewer held-out targets, differences that matter are lost in the variation between users. */
export const ENOUGH_TARGETS = 300;

/**
 * Warnings about a search, each with advice.
 *
 * @param lengths Number of held-out targets by the number of items before them, [longest candidate + 1]; the last
 * entry counts that many or more.
 * @param candidates Lengths, ascending.
 */
export function searchConcerns(lengths: Uint32Array, candidates: readonly number[]): string[] {
  const sum = (counts: Uint32Array) => counts.reduce((sum, count) => sum + count, 0), targets = sum(lengths);
  const shorter = (k: number) => sum(lengths.subarray(0, k)) / targets;
  const hardly = candidates.length < 2 ? [] : candidates.filter((k) => shorter(k) > MOST_SHORTER);
  const percent = (share: number) => `${Math.floor(100 * share)} %`;
  return [
    ...(targets < ENOUGH_TARGETS
      ? [
        `The lengths are judged by ${targets} held-out targets only: expect them to look alike; hold out a larger share (alphaData), ` +
        "or compare with an exhaustive search",
      ]
      : []),
    ...(hardly.length > 0
      ? [
        `${percent(shorter(hardly[0]))} of the histories are shorter than ${
          hardly.join(", ")
        }: such a length is hardly tried; ` +
        "leave it out of the candidates",
      ]
      : []),
  ];
}

/**
 * A warning if the held-out losses of all candidates are above that of guessing, with advice: their networks
 * memorized the training part, or learnt nothing at all.
 *
 * @param items Number of items.
 * @param trainLoss Mean training loss of the last steps.
 */
export function worseThanGuessing(
  evidence: readonly Evidence[] | undefined,
  items: number,
  trainLoss: number,
): string | undefined {
  const losses = evidence?.map(({ loss }) => loss) ?? [],
    best = Math.min(...losses),
    guessing = Math.log(items);
  if (!(losses.length > 0 && best > guessing)) return undefined;
  const found = `At the end of the search no candidate's held-out loss was below ${
    best.toFixed(2)
  }, and guessing has ${guessing.toFixed(2)}: `;
  if (trainLoss > guessing) {
    return `${found}the training loss was ${
      trainLoss.toFixed(2)
    }, so they learnt nothing, and what they differ by says nothing; lower --rate, in code rate`;
  }
  return `${found}they knew the ` +
    "training part by heart, and what they differ by says little; search for fewer epochs (--search-epochs, in code epochs) or compare with an exhaustive search";
}
