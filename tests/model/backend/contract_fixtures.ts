/**
 * Every backend against PyTorch, whose results `tests/python/make_layer_fixtures.py` recorded.
 *
 * @module
 */
import { strict as assert } from "node:assert";
import type { AttentionWeights } from "../../../model/backend/attention.ts";
import type { FeedForwardWeights, LayerNormWeights } from "../../../model/backend/feed_forward.ts";
import type { ConvolutionWeights } from "../../../model/backend/convolution.ts";
import type { RecurrentWeights } from "../../../model/backend/recurrent.ts";
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "../../../model/backend/tensor.ts";
import type { Engine } from "../../../model/backend/types.ts";
import type { Register } from "./register.ts";

/** Numbers as text. */
interface Numbers {
  shape: number[];
  values: string;
}

interface Fixture {
  settings: {
    ids?: number[][];
    heads?: number;
    causal?: boolean;
    dilation?: number;
    epsilon?: number;
    activation?: "gelu" | "relu";
    targets?: number[];
  };
  inputs: Record<string, Numbers>;
  dy: Numbers;
  output: Numbers;
  gradients: Record<string, Numbers>;
}

/** Runs an operation on a fixture's inputs. */
type Run = (
  engine: Engine,
  inputs: Record<string, Tensor>,
  dy: Tensor,
  settings: Fixture["settings"],
) => { output: Tensor; gradients: Record<string, Tensor> };

/** `dx` by the name of the input. */
const named = <W extends { dx: Tensor }>(
  { dx, ...weights }: W,
) => ({ x: dx, ...weights } as Record<string, Tensor>);
const idsOf = ({ tf }: Engine, { ids }: Fixture["settings"]) => tf.tensor2d(ids!, undefined, "int32");

const recurrent = (layer: "gru" | "lstm"): Run => (engine, { x, ...rest }, dy, settings) => {
  const weights = rest as unknown as RecurrentWeights, ids = idsOf(engine, settings), input = x as Tensor3D;
  const recurred = engine.kernels[layer](input, weights, ids);
  const gradients = engine.kernels[`${layer}Grad`](dy as Tensor3D, input, weights, recurred, ids);
  return { output: recurred.y, gradients: named(gradients) };
};

const attention: Run = (engine, inputs, dy, settings) => {
  const { queries, x, ...rest } = inputs as Record<string, Tensor3D>;
  const weights = rest as unknown as AttentionWeights, { kernels } = engine;
  const how = { heads: settings.heads!, causal: settings.causal!, ids: idsOf(engine, settings) };
  const { dQueries, ...gradients } = kernels.attentionGrad(dy as Tensor3D, queries, x, weights, how);
  return {
    output: kernels.attention(queries, x, weights, how),
    gradients: { queries: dQueries!, ...named(gradients) },
  };
};

const feedForward: Run = ({ kernels }, { x, ...rest }, dy, { activation }) => {
  const weights = rest as unknown as FeedForwardWeights;
  return {
    output: kernels.feedForward(x, weights, activation!),
    gradients: named(kernels.feedForwardGrad(dy, x, weights, activation!)),
  };
};

const RUNS: Record<string, Run> = {
  gru: recurrent("gru"),
  lstm: recurrent("lstm"),
  attention_causal: attention,
  attention_full: attention,
  convolution: (engine, { x, ...rest }, dy, settings) => {
    const weights = rest as unknown as ConvolutionWeights,
      ids = idsOf(engine, settings),
      input = x as Tensor3D;
    const { kernels } = engine, dilation = settings.dilation!;
    return {
      output: kernels.convolution(input, weights, dilation, ids),
      gradients: named(kernels.convolutionGrad(dy as Tensor3D, input, weights, dilation, ids)),
    };
  },
  layer_norm: ({ kernels }, { x, ...rest }, dy, { epsilon }) => {
    const weights = rest as unknown as LayerNormWeights;
    return {
      output: kernels.affineLayerNorm(x, weights, epsilon!),
      gradients: named(kernels.affineLayerNormGrad(dy, x, weights, epsilon!)),
    };
  },
  feed_forward_gelu: feedForward,
  feed_forward_relu: feedForward,
  linear_cross_entropy: ({ tf, kernels }, { h, items, bias }, dy, { targets }) => {
    const { loss, dh, dItems, dBias } = kernels.linearCrossEntropy(
      h as Tensor2D,
      items as Tensor2D,
      tf.tensor1d(targets!, "int32"),
      dy.dataSync()[0],
      { bias: bias as Tensor1D },
    );
    return { output: tf.reshape(tf.sum(loss), [1]), gradients: { h: dh, items: dItems, bias: dBias } };
  },
};

export function fixtureContract(test: Register): void {
  for (const [name, run] of Object.entries(RUNS)) {
    test(`${name} as PyTorch has it`, (engine) => check(engine, name, run));
  }
}

const parse = ({ values }: Numbers) => Float32Array.from(values.split(" "), Number);

async function check(engine: Engine, name: string, run: Run) {
  const url = new URL(`fixtures/${name}.json`, import.meta.url), { tf } = engine;
  const fixture: Fixture = JSON.parse(Deno.readTextFileSync(url));
  const tensor = (one: Numbers) => tf.tensor(parse(one), one.shape);
  const { output, gradients } = tf.tidy(() => {
    const inputs = Object.fromEntries(Object.entries(fixture.inputs).map(([key, one]) => [key, tensor(one)]));
    return run(engine, inputs, tensor(fixture.dy), fixture.settings);
  });
  await near(output, fixture.output, 1e-4, name);
  assert.deepEqual(Object.keys(gradients).sort(), Object.keys(fixture.gradients).sort());
  for (const [key, gradient] of Object.entries(gradients)) {
    await near(gradient, fixture.gradients[key], 1e-3, `${name}, gradient of ${key}`);
  }
  tf.dispose([output, ...Object.values(gradients)]);
}

/** Fails unless all numbers agree to within `tolerance` of the largest. */
async function near(tensor: Tensor, expected: Numbers, tolerance: number, what: string) {
  assert.deepEqual(tensor.shape, expected.shape, what);
  const found = await tensor.data(), values = parse(expected);
  const top = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  values.forEach((value, i) => {
    assert.ok(Math.abs(found[i] - value) <= tolerance * top, `${what}: [${i}] is ${found[i]}, not ${value}`);
  });
}
