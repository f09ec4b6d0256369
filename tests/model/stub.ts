/** A recommender whose scores the test defines. */
import type { Histories, Recommender } from "../../model/recommender.ts";

/** Scores item j of a history by `scoreOf(history, j, user)`, where the history is a list of item ids. */
export class Stub implements Recommender {
  readonly name = "Stub";
  readonly parameters = 0;
  /** The histories that were scored, each [user, ...items]. */
  readonly asked: number[][] = [];
  /** Numbers of histories in each call. */
  readonly batches: number[] = [];

  constructor(
    readonly items: number,
    readonly scoreOf: (history: number[], item: number, user: number) => number,
  ) {}

  score(histories: Histories, candidates?: Uint32Array): Promise<Float32Array> {
    const n = histories.starts.length, width = candidates ? candidates.length / n : this.items + 1;
    this.batches.push(n);
    const scores = new Float32Array(n * width);
    for (let i = 0; i < n; i++) {
      const history = [...histories.items.subarray(histories.starts[i], histories.ends[i])];
      const user = histories.users?.[i] ?? 0;
      this.asked.push([user, ...history]);
      for (let j = 0; j < width; j++) {
        const item = candidates ? candidates[i * width + j] : j;
        scores[i * width + j] = item === 0 ? -Infinity : this.scoreOf(history, item, user);
      }
    }
    return Promise.resolve(scores);
  }
}

/** Scores ten items by how near they are to the next step of the user's sequence, perturbed by `noise`. */
export const stepStub = (noise: number): Stub =>
  new Stub(10, (history, item) => {
    const [before, last] = history.slice(-2), next = last + (last - before);
    return Math.cos((item - next) * Math.PI / 5) + noise * Math.sin(item * 7 + history[0] * 3);
  });
