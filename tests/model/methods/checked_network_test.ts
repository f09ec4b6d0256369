import assert from "node:assert/strict";
import { openEngine } from "../../../mod.ts";
import type { Tensor2D } from "../../../model/backend/tensor.ts";
import { checkedNetwork } from "../../../model/methods/checked_network.ts";
import type { TensorValue } from "../../../model/ops/tape.ts";
import { type Network, newest } from "../../../model/train/network.ts";
import { TensorPass } from "../../../model/train/pass.ts";

const engine = await openEngine(), { tf } = engine;

Deno.test("a network that gives a wrong shape is told which, and what was expected", () =>
  tf.tidy(() => {
    const pass = new TensorPass(engine, () => assert.fail("it has no weights"));
    const zeros = (...shape: [number, number]) => pass.ops.constant<Tensor2D>(tf.zeros(shape));
    const good: Network = {
      parameters: [],
      items: (_pass, ids) => zeros((ids as Uint32Array).length + 1, 4),
      encode: (_pass, { at }) => zeros((at as Int32Array).length, 4),
    };
    const ids = Uint32Array.of(1, 2),
      batch = {
        length: 2,
        ids: new Int32Array(6),
        rows: new Int32Array(6),
        users: new Int32Array(3),
      };
    const run = (changes: Partial<Network>, at = newest(3, 2)) => {
      const network = checkedNetwork("Mine", { ...good, ...changes }), items = network.items(pass, ids);
      network.biases!(pass, ids);
      return (network.encode(pass, { ...batch, at }, items) as TensorValue).shape;
    };
    assert.deepEqual(run({}), [3, 4]);
    assert.deepEqual(run({}, Int32Array.of(0, 1, 2, 3, 4)), [5, 4]);
    const refused = (changes: Partial<Network>, message: RegExp) =>
      assert.throws(() => run(changes), { message });
    refused(
      { items: () => zeros(2, 4) },
      /^Mine's network: items\(\) gave the shape \[2, 4\], expected \[3, E\]$/,
    );
    refused({ encode: () => zeros(1, 4) }, /: encode\(\) gave the shape \[1, 4\], expected \[3, 4\]$/);
    refused({ encode: () => zeros(3, 2) }, /: encode\(\) gave the shape \[3, 2\], expected \[3, 4\]$/);
    refused(
      { biases: () => pass.ops.constant(tf.zeros([1])) },
      /: biases\(\) gave the shape \[1\], expected \[3\]$/,
    );
  }));
