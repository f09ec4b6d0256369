/**
 * What products of matrices and tables must do alike on every backend.
 *
 * @module
 */
import { strict as assert } from "node:assert";
import type { Engine } from "../../../model/backend/types.ts";
import { close } from "./close.ts";
import * as reference from "./reference.ts";
import type { Register } from "./register.ts";

const { noise } = reference;

export function matrixContract(test: Register): void {
  test("products of matrices, each way round", products);
  test("gathering rows and adding them up again", gathering);
}

async function products({ tf, kernels: k }: Engine) {
  const [n, m, p] = [7, 130, 5];
  const a = reference.toRows(noise(n * m, 1), m), b = reference.toRows(noise(m * p, 2), p);
  const expected = reference.product(a, b);
  for (const transposeA of [false, true]) {
    for (const transposeB of [false, true]) {
      const A = tf.tensor2d(transposeA ? reference.transpose(a) : a);
      const B = tf.tensor2d(transposeB ? reference.transpose(b) : b);
      const product = k.matMul(A, B, transposeA, transposeB);
      assert.deepEqual(product.shape, [n, p]);
      close(await product.data(), expected, `matMul(${transposeA}, ${transposeB})`);
      tf.dispose([A, B, product]);
    }
  }
}

async function gathering({ tf, kernels: k }: Engine) {
  const table = noise(9 * 4, 1), ids = Int32Array.of(0, 8, 3, 3, 0, 5);
  const TABLE = tf.tensor2d(table, [9, 4]),
    IDS = tf.tensor2d(ids, [2, 3], "int32"),
    flat = tf.tensor1d(ids, "int32");
  const rows = k.gatherRows(TABLE, IDS);
  assert.deepEqual(rows.shape, [2, 3, 4]);
  const expected = [...ids].flatMap((id) => [...table.subarray(id * 4, id * 4 + 4)]);
  close(await rows.data(), expected, "gatherRows", 0);
  const values = tf.tensor2d(expected, [6, 4]), sums = k.segmentSum(values, flat, 9);
  const times = [2, 0, 0, 2, 0, 1, 0, 0, 1];
  close(await sums.data(), Array.from(table, (value, i) => value * times[Math.floor(i / 4)]), "segmentSum");
  tf.dispose([TABLE, IDS, flat, rows, values, sums]);
}
