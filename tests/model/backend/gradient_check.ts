/**
 * Checks an operation and its gradient against the same operation in double precision.
 *
 * @module
 */
import { strict as assert } from "node:assert";
import type { Tensor } from "../../../model/backend/tensor.ts";
import type { Engine } from "../../../model/backend/types.ts";
import { close } from "./close.ts";
import { noise } from "./reference.ts";

/** An operation with numbers to try it on. */
export interface Trial<K extends string> {
  /** Shapes of its inputs, each with the standard deviation of its numbers; 1 if left out. */
  shapes: Record<K, readonly number[]>;
  deviations?: Partial<Record<K, number>>;
  /** Shape of the output. */
  output: readonly number[];
  /** Computes the output in double precision. */
  exact(numbers: Record<K, ArrayLike<number>>): number[];
  /** Computes the output, and the gradients of its product with dy, by name; run under `tidy`. */
  run(tensors: Record<K, Tensor>, dy: Tensor): { y: Tensor; gradients: Partial<Record<K, Tensor>> };
}

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** Maximum number of a gradient's entries that are compared with differences. */
const COMPARED = 12;

/**
 * Compares the whole output, and entries spread over each gradient with central differences in double precision.
 *
 * @param what The operation's name, for messages.
 */
export async function checkTrial<K extends string>(
  { tf }: Engine,
  what: string,
  { shapes, deviations = {}, output, exact, run }: Trial<K>,
  tolerance = 2e-5,
): Promise<void> {
  const names = Object.keys(shapes) as K[];
  const fill = <T>(make: (name: K, i: number) => T) =>
    Object.fromEntries(names.map((name, i) => [name, make(name, i)])) as Record<K, T>;
  const numbers = fill((name, i) =>
    noise(product(shapes[name]), i + 1, (deviations as Record<K, number>)[name] ?? 1)
  );
  const upstream = noise(product(output), 31);
  const { y, gradients } = tf.tidy(() =>
    run(fill((name) => tf.tensor(numbers[name], [...shapes[name]])), tf.tensor(upstream, [...output]))
  );
  assert.deepEqual(y.shape, output, `${what}: shape`);
  close(await y.data(), exact(numbers), what, tolerance);

  for (const [name, gradient] of Object.entries(gradients) as [K, Tensor][]) {
    assert.deepEqual(gradient.shape, shapes[name], `${what} ${name}: shape`);
    const found = await gradient.data();
    let top = 1;
    for (const value of found) top = Math.max(top, Math.abs(value));
    const count = Math.min(COMPARED, found.length);
    for (let n = 0; n < count; n++) {
      const i = count > 1 ? Math.round(n * (found.length - 1) / (count - 1)) : 0;
      const at = (step: number) => {
        const moved = Float64Array.from(numbers[name]);
        moved[i] += step;
        return exact({ ...numbers, [name]: moved }).reduce((sum, value, j) => sum + value * upstream[j], 0);
      };
      const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
      assert.ok(
        Math.abs(found[i] - slope) <= 2 * tolerance * top,
        `${what} ${name}[${i}] is ${found[i]}, not ${slope}`,
      );
    }
  }
  tf.dispose([y, ...Object.values(gradients) as Tensor[]]);
}
