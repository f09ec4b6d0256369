/**
 * The contract of dropout on every backend.
 *
 * @module
 */
import { strict as assert } from "node:assert";
import { dropoutMask } from "../../../model/backend/kernels_plain.ts";
import type { Engine } from "../../../model/backend/types.ts";
import { close } from "./close.ts";
import { noise } from "./reference.ts";
import type { Register } from "./register.ts";

export function dropoutContract(test: Register): void {
  test("dropout keeps what the mask says", dropout);
}

async function dropout({ tf, kernels: k }: Engine) {
  const size = 50_000, rate = 0.3, x = noise(size, 3), X = tf.tensor1d(x);
  const y = k.dropout(X, rate, -5), again = k.dropout(X, rate, -5), other = k.dropout(X, rate, 6);
  const mask = dropoutMask(size, rate, -5);
  close(await y.data(), x.map((value, i) => value * mask[i]), "dropout");
  assert.deepEqual(await again.data(), await y.data());
  const dropped = mask.filter((value) => value === 0).length;
  assert.ok(Math.abs(dropped - rate * size) < 4 * Math.sqrt(size * rate * (1 - rate)), `${dropped} dropped`);
  // The masks of two seeds agree as often as by chance.
  const both = (await other.data() as Float32Array).filter((value, i) => value === 0 && mask[i] === 0).length;
  assert.ok(Math.abs(both - rate ** 2 * size) < 4 * Math.sqrt(size * rate ** 2), `${both} dropped by both`);
  tf.dispose([X, y, again, other]);
}
