/**
 * The later rounds of a k-core. There may be thousands that drop little each, so only ids that have lost interactions are checked again.
 *
 * @module
 */
import pl, { type Expr, type Series } from "nodejs-polars";
import type { DataFrame } from "../contract/frame.ts";

/** Number of rounds in which everything is counted. Most cores need fewer; later rounds drop little. */
export const WHOLE_ROUNDS = 16;
/** With more rows than this, everything is counted in every round, because peeling would take too much memory. */
export const MOST_PEELED = 1_000_000;

/** Number of ids and rows that were dropped because of a column. */
interface Peels {
  ids: number;
  rows: number;
}

/** The result of the rounds. */
export interface Peeled {
  /** For each row, whether it is kept. */
  kept: Series;
  rounds: number;
  dropped: Record<"user" | "item", Peels>;
}

/**
 * Drops users, then items, with too few interactions, in rounds until a round drops nothing. The result is the same as counting everything
 * each time.
 *
 * @param rows A table with `user`, `item`, and `n`, the number of interactions that a row stands for; without `n`, one.
 */
export function peel(rows: DataFrame, minimum: Record<"user" | "item", number>): Peeled {
  const weights = rows.columns.includes("n")
    ? rows.getColumn("n").cast(pl.Float64).toTypedArray() as Float64Array
    : new Float64Array(rows.height).fill(1);
  const sides = { user: new Side(rows, "user", weights), item: new Side(rows, "item", weights) };
  const kept = new Uint8Array(rows.height).fill(1);
  const dropped = { user: { ids: 0, rows: 0 }, item: { ids: 0, rows: 0 } };
  let rounds = 0, isDone: boolean;
  do {
    isDone = true;
    for (const [column, other] of [["user", "item"], ["item", "user"]] as const) {
      for (const id of sides[column].takeBelow(minimum[column])) {
        isDone = false;
        dropped[column].ids++;
        dropped[column].rows += sides[column].counts[id];
        for (const row of sides[column].rowsOf(id)) {
          if (kept[row]) sides[other].lose(row, weights[row]);
          kept[row] = 0;
        }
      }
    }
    rounds++;
  } while (!isDone);
  return { kept: pl.Series("kept", kept).cast(pl.Bool), rounds, dropped };
}

/** The users or the items of rows, numbered from 0. */
class Side {
  /** Number of interactions of each [ids]. */
  readonly counts: Float64Array;
  readonly #ids: Uint32Array;
  /** Rows grouped by id; those of an id begin at its entry in `#starts`. */
  readonly #rows: Uint32Array;
  readonly #starts: Uint32Array;
  /** Ids that have lost interactions since they were last checked. */
  #lost: Set<number>;

  constructor(rows: DataFrame, column: "user" | "item", weights: Float64Array) {
    // Categories are already numbers, and ranking numbers is faster than ranking texts.
    const isCategory = (rows.getColumn(column).dtype.variant as string) === "Categorical";
    const key = (isCategory ? pl.col(column).cast(pl.UInt32) : pl.col(column)) as Expr;
    const numbered = rows.select(
      key.rank("dense").cast(pl.UInt32).sub(pl.lit(1).cast(pl.UInt32)).alias("id"),
    );
    this.#ids = numbered.getColumn("id").toTypedArray() as Uint32Array;
    const ids = this.#ids.reduce((most, id) => Math.max(most, id + 1), 0);
    this.counts = new Float64Array(ids);
    this.#starts = new Uint32Array(ids + 1);
    this.#ids.forEach((id, row) => {
      this.counts[id] += weights[row];
      this.#starts[id + 1]++;
    });
    for (let id = 0; id < ids; id++) this.#starts[id + 1] += this.#starts[id];
    const next = this.#starts.slice();
    this.#rows = new Uint32Array(rows.height);
    this.#ids.forEach((id, row) => this.#rows[next[id]++] = row);
    this.#lost = new Set(this.counts.keys());
  }

  rowsOf(id: number): Uint32Array {
    return this.#rows.subarray(this.#starts[id], this.#starts[id + 1]);
  }

  lose(row: number, weight: number): void {
    this.counts[this.#ids[row]] -= weight;
    this.#lost.add(this.#ids[row]);
  }

  /** Returns the ids that have interactions, but too few. None is checked again before it loses more. */
  takeBelow(minimum: number): number[] {
    const below = [...this.#lost].filter((id) => this.counts[id] > 0 && this.counts[id] < minimum);
    this.#lost = new Set();
    return below;
  }
}
