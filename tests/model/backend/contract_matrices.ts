/**
 * The contract of products of matrices and tables on every backend.
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
  test("sums of rows of a table by their shares", bags);
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

async function bags({ tf, kernels: k }: Engine) {
  // Bags in any order: one of a single row, one with the same row twice, an empty one; also rows wider than a thread's share of work.
  const ids = [0, 4, 3, 3, 1, 5], bags = [2, 0, 3, 3, 2, 2], shares = [0.5, 1, -2, 0.25, 1, 3];
  for (const width of [1, 4, 40_000]) {
    const table = noise(6 * width, 1), dy = noise(5 * width, 2);
    const sums = new Float32Array(5 * width), gradient = new Float32Array(6 * width);
    ids.forEach((id, i) => {
      for (let d = 0; d < width; d++) {
        sums[bags[i] * width + d] += shares[i] * table[id * width + d];
        gradient[id * width + d] += shares[i] * dy[bags[i] * width + d];
      }
    });
    const TABLE = tf.tensor2d(table, [6, width]), DY = tf.tensor2d(dy, [5, width]);
    const [IDS, BAGS] = [ids, bags].map((each) => tf.tensor1d(each, "int32")), SHARES = tf.tensor1d(shares);
    const found = k.embeddingBag(TABLE, IDS, BAGS, SHARES, 5),
      back = k.embeddingBag(DY, BAGS, IDS, SHARES, 6);
    assert.deepEqual([found.shape, back.shape], [[5, width], [6, width]]);
    close(await found.data(), sums, `embeddingBag, ${width} wide`);
    close(await back.data(), gradient, `its gradient, ${width} wide`);
    tf.dispose([TABLE, DY, IDS, BAGS, SHARES, found, back]);
  }
  const table = tf.tensor2d(noise(8, 1), [2, 4]), none = tf.tensor1d([], "int32"), nothing = tf.tensor1d([]);
  const sums = k.embeddingBag(table, none, none, nothing, 3);
  assert.deepEqual([sums.shape, [...await sums.data()]], [[3, 4], Array(12).fill(0)]);
  tf.dispose([table, none, nothing, sums]);
}
