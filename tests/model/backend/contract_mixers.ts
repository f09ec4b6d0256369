/**
 * The contract of the mixers on every backend.
 *
 * @module
 */
import { strict as assert } from "node:assert";
import type { ChannelMixerWeights, SequenceMixerWeights } from "../../../model/backend/mixers.ts";
import type { Tensor, Tensor3D } from "../../../model/backend/tensor.ts";
import type { Engine } from "../../../model/backend/types.ts";
import { close } from "./close.ts";
import * as reference from "./reference.ts";
import type { Register } from "./register.ts";

const { noise } = reference;

/** Numbers of positions in all, mixed, and given; of sequences, channels and hidden units: of one tile and of many, complete or not. */
const MIXERS = [
  [1, 1, 1, 1, 2, 1],
  [6, 5, 1, 3, 5, 7],
  [4, 4, 4, 37, 20, 33],
  [4, 3, 3, 18, 64, 64],
  [9, 7, 1, 2, 70, 130],
];

export function mixerContract(test: Register): void {
  for (const sizes of MIXERS) {
    const [length, mixed, given, batch, dim, hidden] = sizes;
    test(
      `mixers: ${given} of ${mixed} of ${length} positions, ${batch} × ${dim}, ${hidden} hidden`,
      (engine) => mixers(engine, sizes),
    );
  }
}

/**
 * Checks both mixers against double precision, and some numbers of each gradient against differences in double precision of the sum of y ⊙
 * dy, whose slope must be the gradient.
 */
async function mixers({ tf, kernels: k }: Engine, [length, mixed, given, batch, dim, hidden]: number[]) {
  const shapes = {
    x: [length, batch, dim],
    gain: [dim],
    bias: [dim],
    w1: [hidden, mixed],
    b1: [hidden],
    w2: [given, hidden],
    b2: [given],
    w3: [hidden, dim],
    b3: [hidden],
    w4: [dim, hidden],
    b4: [dim],
  };
  const names = Object.keys(shapes) as (keyof typeof shapes)[];
  const numbers = Object.fromEntries(names.map((name, i) => {
    const size = shapes[name].reduce((a, b) => a * b, 1),
      fan = shapes[name].length === 2 ? shapes[name][1] : 1;
    return [name, noise(size, i + 1, 1 / Math.sqrt(fan))];
  })) as Record<keyof typeof shapes, Float32Array>;
  const tensors = Object.fromEntries(names.map((name) => [name, tf.tensor(numbers[name], shapes[name])]));
  const { x, gain, bias, w1, b1, w2, b2, w3, b3, w4, b4 } = tensors as never as
    & { x: Tensor3D }
    & SequenceMixerWeights
    & ChannelMixerWeights;
  const extra = Math.ceil(mixed / 2), addition = noise(extra * batch * dim, 20);
  const upstream = { sequence: noise(given * batch * dim, 21), channel: noise(numbers.x.length, 22) };

  const results = tf.tidy(() => {
    const sequence = { gain, bias, w1, b1, w2, b2 }, channel = { w3, b3, w4, b4 };
    const one = k.sequenceMixer(x, sequence, 1e-5), two = k.channelMixer(x, channel, 1e-5);
    const dOne = tf.tensor3d(upstream.sequence, [given, batch, dim]),
      dTwo = tf.tensor3d(upstream.channel, x.shape);
    const add = tf.tensor3d(addition, [extra, batch, dim]);
    return {
      sequence: one.y,
      channel: two.y,
      added: k.sequenceMixerGrad(dOne, x, sequence, one.kept, 1e-5, add).dx,
      dSequence: { ...k.sequenceMixerGrad(dOne, x, sequence, one.kept, 1e-5) },
      dChannel: { ...k.channelMixerGrad(dTwo, x, channel, two.kept, 1e-5) },
    };
  });
  const read = async (tensor: Tensor) => await tensor.data() as Float32Array;
  const exact = {
    sequence: (of: typeof numbers) => reference.sequenceMixer(of, shapes.x),
    channel: reference.channelMixer,
  };
  close(await read(results.sequence), exact.sequence(numbers), "sequenceMixer");
  close(await read(results.channel), exact.channel(numbers), "channelMixer");

  const check = async (mixer: "sequence" | "channel", name: string, gradient: Tensor) => {
    const of = (name === "dx" ? "x" : name) as keyof typeof shapes, found = await read(gradient);
    const skipped = numbers[of].length - found.length; // positions that are not mixed
    let top = 1;
    for (const value of found) top = Math.max(top, Math.abs(value));
    for (const i of new Set([0, found.length >> 1, found.length - 1])) {
      const at = (step: number) => {
        const moved = Float64Array.from(numbers[of]);
        moved[skipped + i] += step;
        return exact[mixer]({ ...numbers, [of]: moved } as never)
          .reduce((sum, y, j) => sum + y * upstream[mixer][j], 0);
      };
      const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
      assert.ok(
        Math.abs(found[i] - slope) < 2e-5 * top,
        `${mixer} ${name}[${i}] is ${found[i]}, not ${slope}`,
      );
    }
  };
  for (const [name, gradient] of Object.entries(results.dSequence)) await check("sequence", name, gradient);
  for (const [name, gradient] of Object.entries(results.dChannel)) await check("channel", name, gradient);
  const alone = await read(results.dSequence.dx), offset = (mixed - extra) * batch * dim;
  close(
    await read(results.added),
    alone.map((v, i) => v + (addition[i - offset] ?? 0)),
    "sequenceMixerGrad, add",
  );
  tf.dispose([Object.values(tensors), results]);
}
