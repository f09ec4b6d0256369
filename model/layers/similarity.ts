/**
 * The similarity of histories and items: the dot product, or the cosine over a temperature.
 *
 * @module
 */
import type { Engine } from "../backend/types.ts";
import type { Tensor2D } from "../backend/tensor.ts";

/** Vectors in the space where similarity is a dot product. */
export interface SimilarityPass {
  y: Tensor2D;
  backward(dy: Tensor2D): Tensor2D;
}

/** Prevents a division by zero for the length of a zero vector. */
export const TINY = 1e-12;

/**
 * Maps vectors to ones whose dot product is the similarity: unchanged for `dot`; scaled to the length 1 / √temperature for
 * `cosine`. A zero vector stays zero.
 *
 * @param x [n, D]
 */
export function similaritySpace(
  { tf }: Engine,
  score: "dot" | "cosine",
  temperature: number,
  x: Tensor2D,
): SimilarityPass {
  if (score === "dot") return { y: x, backward: (dy) => dy };
  const factor = tf.mul(tf.rsqrt(tf.add(tf.sum(tf.square(x), 1, true), TINY)), 1 / Math.sqrt(temperature));
  const y = tf.mul(x, factor) as Tensor2D;
  return {
    y,
    // dx = factor · (dy − ŷ(ŷ·dy)), ŷ the unit vector: components that would change the length do not count.
    backward: (dy) =>
      tf.tidy(() => {
        const along = tf.mul(y, tf.mul(tf.sum(tf.mul(dy, y), 1, true), temperature));
        return tf.mul(tf.sub(dy, along), factor) as Tensor2D;
      }),
  };
}
