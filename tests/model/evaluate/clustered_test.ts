import assert from "node:assert/strict";
import { clusteredEstimate } from "../../../model/evaluate/clustered.ts";

const near = (found: number | undefined, expected: number) =>
  assert(Math.abs(found! - expected) < 1e-12, `${found}, expected ${expected}`);

Deno.test("where each user has one value and all weigh the same, the error is that of a mean", () => {
  const { mean, standardError } = clusteredEstimate([1, 0, 0, 1, 1], [1, 2, 3, 4, 9]);
  near(mean, 3 / 5);
  near(standardError, Math.sqrt(5 * 0.6 * 0.4 / 4 / 5)); // variance n p q / (n − 1), over n
  near(clusteredEstimate([2, 6], [1, 2]).standardError, 2); // two suffice
  assert.deepEqual(clusteredEstimate([4], [1]), { mean: 4 }, "of one user nothing says how users vary");
  assert.deepEqual(clusteredEstimate([4, 2], [1, 1]), { mean: 3 });
});

Deno.test("a user's values vary together: the error is that of a ratio of sums over users, by hand", () => {
  // Users have (3, 1), (0) and (2) with weights (1, 3), (2) and (4): Σ w y = 6, 0, 8 and Σ w = 4, 2, 4.
  const { mean, standardError } = clusteredEstimate([3, 1, 0, 2], [1, 1, 2, 3], [1, 3, 2, 4]);
  near(mean, 14 / 10);
  const off = [6 - 4 * 1.4, 0 - 2 * 1.4, 8 - 4 * 1.4];
  near(standardError, Math.sqrt(off.reduce((sum, d) => sum + d * d, 0) * 3 / 2) / 10);
});
