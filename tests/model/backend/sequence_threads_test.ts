/** The native engine's operations for sequence models give the same bits with any number of threads. */
import assert from "node:assert/strict";
import { ALL } from "../../../model/backend/engine.ts";
import { root } from "../../paths.ts";

/**
 * A separate program, since a process keeps the number of threads that it began with: it prints the bits of all outputs, in both
 * precisions.
 */
const program = (threads: number) => `
  import { createHash } from "node:crypto";
  import { openEngine } from "${root}model/backend/engine.ts";
  import { frontPadding } from "${root}tests/model/backend/padding.ts";
  import { noise } from "${root}tests/model/backend/reference.ts";
  const { tf, kernels: k, bfloat16 } = await openEngine({ engine: "native", threads: ${threads} });
  const [n, batch, dim] = [9, 150, 20];
  const tensor = (seed, ...shape) => tf.tensor(noise(shape.reduce((a, b) => a * b), seed, 0.3), shape);
  const x = tensor(1, n, batch, dim), ids = tf.tensor2d(frontPadding(n, batch), [n, batch], "int32");
  const hash = createHash("sha256");
  let count = 0;
  const operations = () => {
    const all = [];
    for (const [layer, rows] of [["gru", 60], ["lstm", 80]]) {
      const weights = { wx: tensor(2, rows, dim), wh: tensor(3, rows, dim), bx: tensor(4, rows), bh: tensor(5, rows) };
      const recurred = k[layer](x, weights, ids);
      all.push(recurred.y, ...Object.values(k[layer + "Grad"](x, x, weights, recurred, ids)));
    }
    for (const causal of [true, false]) {
      const settings = { heads: 2, causal, ids, dropout: { rate: 0.2, seed: 3 } };
      const weights = { wq: tensor(16, dim, dim), wk: tensor(17, dim, dim), wv: tensor(18, dim, dim) };
      all.push(k.attention(x, x, weights, settings), ...Object.values(k.attentionGrad(x, x, x, weights, settings)).filter(Boolean));
    }
    const filter = { w: tensor(6, 3, dim, dim), b: tensor(7, dim) };
    all.push(k.convolution(x, filter, 2, ids), ...Object.values(k.convolutionGrad(x, x, filter, 2, ids)));
    const norm = { gain: tensor(8, dim), bias: filter.b };
    all.push(k.affineLayerNorm(x, norm, 1e-5), ...Object.values(k.affineLayerNormGrad(x, x, norm, 1e-5)));
    const block = { w1: tensor(9, 33, dim), b1: tensor(10, 33), w2: tensor(11, dim, 33), b2: filter.b };
    all.push(k.feedForward(x, block, "gelu"), ...Object.values(k.feedForwardGrad(x, x, block, "gelu")));
    const targets = tf.tensor1d(Int32Array.from({ length: n * batch }, (_, i) => i * 31 % 200 - 1), "int32");
    all.push(...Object.values(k.linearCrossEntropy(tf.reshape(x, [n * batch, dim]), tensor(12, 200, dim), targets, 1)));
    all.push(k.linearCrossEntropyLoss(tf.reshape(x, [n * batch, dim]), tensor(12, 200, dim), targets));
    const ids1 = tf.tensor1d(Int32Array.from({ length: n * batch }, (_, i) => i % 7), "int32"), rows = tf.reshape(x, [n * batch, dim]);
    const shared = { shared: tensor(13, 200, dim), sharedIds: tf.tensor1d(Int32Array.from({ length: 200 }, (_, i) => i), "int32") };
    const shifts = { ownShift: tensor(14, n * batch), sharedShift: tensor(15, 200) };
    all.push(...Object.values(k.sampledCrossEntropy(rows, { own: rows, ownIds: ids1, ...shared, ...shifts }, 1)));
    for (const tensor of all) hash.update(new Uint8Array(tensor.dataSync().slice().buffer));
    count += all.length;
  };
  operations();
  bfloat16.within(operations);
  console.log(count, hash.digest("hex"));
`;

const finding = await ALL.find(({ name }) => name === "native")!.find({});
Deno.test({
  name: `native: sequences, the same bits on one thread and on several${
    finding.found ? "" : ` (${finding.reason})`
  }`,
  ignore: !finding.found,
  fn: async () => {
    const outputs = await Promise.all([1, 2, 5].map(async (threads) => {
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["eval", "--quiet", "--config", `${root}deno.json`, program(threads)],
      }).output();
      return new TextDecoder().decode(stdout) || new TextDecoder().decode(stderr);
    }));
    assert.match(outputs[0], /^94 [0-9a-f]{64}\n$/);
    assert.deepEqual(outputs, [outputs[0], outputs[0], outputs[0]]);
  },
});
