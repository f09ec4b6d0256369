/**
 * Assigns rows to parts by their place among the user's rows: the last ones, or by shares.
 *
 * @module
 */
import pl, { type Expr } from "nodejs-polars";
import { InputError } from "../contract/errors.ts";
import type { DataFrame } from "../contract/frame.ts";
import type { Split } from "../contract/stage.ts";

/** The name of a part, as a category. Converting the names of a million rows to categories afterwards takes ten times as long. */
const named = (part: Split) => pl.lit(part).cast(pl.Categorical);

/** Returns `test` where the first condition holds, else `validation` where the second holds, else `train`. */
export function choose(test: Expr, validation: Expr): Expr {
  return pl.when(test).then(named("test")).otherwise(
    pl.when(validation).then(named("validation")).otherwise(named("train")) as Expr,
  ) as Expr;
}

/** Splits rows that are ordered by user: a row is its user's last if the next one belongs to another user. */
export function leaveOneOut(frame: DataFrame, users?: DataFrame): Expr {
  const anotherUserAfter = (steps: number) =>
    pl.col("user").neq(pl.col("user").shift(-steps)).fillNull(pl.lit(true));
  const short = frame.lazy().groupBy("user").agg(pl.len().alias("n")).filter(pl.col("n").lt(pl.lit(3)))
    .sort("user").collectSync();
  if (short.height > 0) {
    const [user, n] = short.row(0) as number[];
    const name = users?.filter(pl.col("user").eq(pl.lit(user))).getColumn("id").get(0) ?? user;
    throw shortSequence(name, n, short.height);
  }
  return choose(anotherUserAfter(1), anotherUserAfter(2));
}

/** The error for the first of `users` users with too few interactions. Users who had enough may have lost some with rare items. */
export const shortSequence = (user: unknown, interactions: number, users: number): InputError =>
  new InputError(
    `Cannot split user "${user}": leave-one-out needs at least 3 interactions, found ${interactions} (${users} such users); ` +
      "raise --min-user to 3 or more, with --min-item give --filter k-core too, or split by time with --split global-time",
  );

/** The default shares. */
export const USUAL_RATIOS: [train: number, validation: number, test: number] = [0.8, 0.1, 0.1];

/** @throws {InputError} for shares that are not three positive numbers that add up to one. */
export function checkRatios(ratios: readonly number[]): void {
  const sum = ratios.reduce((a, b) => a + b, 0);
  if (ratios.length !== 3 || ratios.some((share) => !(share > 0)) || Math.abs(sum - 1) > 1e-6) {
    throw new InputError(
      `Cannot split by --ratios ${
        ratios.join(",")
      }: give three positive numbers that add up to 1, as in 0.8,0.1,0.1`,
    );
  }
}

/** Splits n interactions by shares: the first ⌊n · train⌋ (at least one) train, those up to ⌊n · (train + validation)⌋ validate. */
export function byShares([train, validation]: readonly number[]): Expr {
  const row = pl.col("user").cumCount().over("user").cast(pl.Int64);
  const n = pl.len().over("user").cast(pl.Float64);
  // A tiny amount is added so that 10 · 0.8, or 0.7 + 0.1, does not fall below the intended whole number.
  const upTo = (share: number) => n.mul(pl.lit(share)).add(pl.lit(1e-9)).floor().cast(pl.Int64);
  const trained = pl.maxHorizontal([upTo(train), pl.lit(1).cast(pl.Int64)]);
  return choose(row.gt(upTo(train + validation)).and(row.gt(trained)), row.gt(trained));
}
