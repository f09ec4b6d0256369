/**
 * Candidates side by side: each is the network that it would be alone, and they share everything but their short-term modules. The
 * long-term module, which is most of the work, is computed once for all of them.
 *
 * @module
 */
import type { Engine } from "../backend/types.ts";
import type { Tensor2D, Tensor3D } from "../backend/tensor.ts";
import type { Dropout } from "../layers/dropout.ts";
import type { Weights } from "../layers/parameters.ts";
import type { BatchWindow } from "./batch_windows.ts";
import { interest, type Modules, padTo } from "./interest.ts";
import type { NetworkPass } from "./network_pass.ts";
import { outputLayer } from "./output_layer.ts";
import { longTerm, newestOf, type PassInput, withoutLongTerm } from "./shared_histories.ts";

/** Some candidates, each the network that it would be alone. */
export interface SeparateCandidates {
  /** Their places, ascending. */
  candidates: readonly number[];
  /** The targets of the batch that each of them takes. Default: all. */
  windows?: readonly BatchWindow[];
}

/**
 * Runs one pass through some candidates' networks.
 */
export function separateCandidates(
  engine: Engine,
  weights: Weights,
  { long, short }: Modules,
  { candidates, windows }: SeparateCandidates,
  input: PassInput,
  dropout: Dropout,
): NetworkPass {
  const newest = newestOf(input), [, batch] = newest.shape;
  const longPass = long && longTerm(engine, weights, long, input);
  const passes = candidates.map((place, i) => {
    const layers = short[place], rows = rowsOf(engine, windows?.[i], batch);
    const module = interest(engine, weights, layers, rows.newest(newest, layers[0].length));
    const longOutput = longPass && rows.take(longPass.y);
    return { module, rows, output: outputLayer(engine, weights, module.y, longOutput, dropout) };
  });
  return {
    h: passes.map(({ output }) => output.h),
    backward(dh, gradients) {
      // From the shortest length to the longest: each gradient covers the positions of the previous ones and includes them.
      let dx: Tensor3D | undefined;
      const dLongs: Tensor2D[] = [];
      passes.forEach(({ module, rows, output }, i) => {
        output.addGradients(dh[i], gradients);
        const { dShort, dLong } = output.backward(dh[i]);
        dx = rows.whole
          ? module.backward(dShort, gradients, dx)
          : added(engine, rows.fill(module.backward(dShort, gradients)), dx);
        if (dLong) dLongs.push(rows.fill(dLong));
      });
      return longPass
        ? longPass.backward(engine.kernels.sum(dLongs), gradients, dx!)
        : withoutLongTerm(engine, input, dx!);
    },
  };
}

/** Returns functions that take the targets of a window out of a batch and put them back. */
function rowsOf({ tf }: Engine, window: BatchWindow | undefined, batch: number) {
  const [from, to] = window ?? [0, batch], count = to - from, whole = count === batch;
  return {
    /** Whether the window is the whole batch. */
    whole,
    /** Takes the window's newest positions of sequences [T, B, D]. */
    newest: (x: Tensor3D, positions: number): Tensor3D =>
      whole ? x : tf.slice(x, [x.shape[0] - positions, from, 0], [positions, count, x.shape[2]]) as Tensor3D,
    /** Takes the window's rows of [B, D]. */
    take: (y: Tensor2D): Tensor2D => whole ? y : tf.slice(y, [from, 0], [count, y.shape[1]]) as Tensor2D,
    /** Pads a gradient of the window, [n, D] or [k, n, D], with zeros to one of the batch. */
    fill: <T extends Tensor2D | Tensor3D>(gradient: T): T => {
      if (whole) return gradient;
      const around: [number, number] = [from, batch - to], none: [number, number] = [0, 0];
      return tf.pad(gradient, gradient.rank === 2 ? [around, none] : [none, around, none]) as T;
    },
  };
}

/** Adds to a gradient of the newest positions another one of as many or fewer positions. */
function added(engine: Engine, gradient: Tensor3D, fewer: Tensor3D | undefined): Tensor3D {
  return fewer ? engine.kernels.sum([gradient, padTo(engine, fewer, gradient.shape[0])]) : gradient;
}
