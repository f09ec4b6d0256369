/**
 * Activations as compositions of plain operations.
 *
 * @module
 */
import type { Activation } from "./feed_forward.ts";
import type { Tensor2D, Tf } from "./tensor.ts";

/** Computes the values and slopes of an activation at x. */
export function activate(tf: Tf, x: Tensor2D, activation: Activation): { y: Tensor2D; slope: Tensor2D } {
  if (activation === "relu") return { y: tf.relu(x), slope: tf.step(x) };
  const phi = tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
  const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return { y: tf.mul(x, phi) as Tensor2D, slope: tf.add(phi, tf.mul(x, density)) as Tensor2D };
}
