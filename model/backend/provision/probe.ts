/**
 * Loads a binding and computes with it. Argument: its path.
 *
 * @module
 */
import { strict as assert } from "node:assert";
import { createRequire } from "node:module";

const [path] = Deno.args;
const binding = createRequire("file:///")(path);
const float = { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
const flag = (name: string) => ({ name, type: binding.TF_ATTR_BOOL, value: false });
const matrix = (values: number[]) =>
  binding.createTensor([2, 2], binding.TF_FLOAT, Float32Array.from(values));
const [a, b] = [matrix([1, 2, 3, 4]), matrix([5, 6, 7, 8])];
const [product] = binding.executeOp("BatchMatMulV2", [float, flag("adj_x"), flag("adj_y")], [a, b], 1);
assert.deepEqual(
  [...binding.tensorDataSync(product.id)],
  [19, 22, 43, 50],
  "the product of two matrices is wrong",
);
const [sums] = binding.executeOp("AutomlpBiasGrad", [flag("first")], [a], 1);
assert.deepEqual([...binding.tensorDataSync(sums.id)], [4, 6], "the sum over rows is wrong");
