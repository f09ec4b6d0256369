/** A small graph in bytes, read by another protobuf library with ONNX's own field numbers. */
import assert from "node:assert/strict";
import protobuf from "protobufjs";
import { Graph } from "../../../model/onnx/graph.ts";
import { relu } from "../../../model/onnx/graph_ops.ts";

const { root } = protobuf.parse(`
syntax = "proto3";
message Attribute { string name = 1; float f = 2; int64 i = 3; bytes s = 4; repeated int64 ints = 8; int32 type = 20; }
message Node { repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; repeated Attribute attribute = 5; }
message Tensor { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
message Shape { repeated Dimension dim = 1; }
message TensorType { int32 elem_type = 1; Shape shape = 2; }
message Type { TensorType tensor_type = 1; }
message Port { string name = 1; Type type = 2; }
message Graph { repeated Node node = 1; string name = 2; repeated Tensor initializer = 5; repeated Port input = 11; repeated Port output = 12; }
message Opset { string domain = 1; int64 version = 2; }
message Fact { string key = 1; string value = 2; }
message Model {
  int64 ir_version = 1; string producer_name = 2; string producer_version = 3; Graph graph = 7; repeated Opset opset_import = 8; repeated Fact metadata_props = 14;
}
`);

const decode = (pieces: readonly Uint8Array[]) => {
  const Model = root.lookupType("Model"), bytes = pieces.flatMap((piece) => [...piece]);
  return Model.toObject(Model.decode(Uint8Array.from(bytes)), {
    longs: Number,
    bytes: Array,
    defaults: false,
  });
};

Deno.test("max(x Wᵀ, 0) as a model", () => {
  const weights = new Map([
    ["w", { shape: [1, 2], values: Float32Array.of(1, -2) }],
    ["unused", { shape: [1], values: Float32Array.of(9) }],
  ]);
  const g = new Graph(weights), x = g.input("x", "float", ["batch", 2]);
  const y = g.apply("Gemm", [x, g.weight("w")], { transB: 1, alpha: { real: 0.5 } });
  g.output("y", relu(g, y), "float", ["batch", 1]);
  g.weight("w"); // is in the graph once
  assert.deepEqual(g.whole(-1), g.whole(-1), "and so is this");
  const shape = (...dim: object[]) => ({ tensorType: { elemType: 1, shape: { dim } } });
  assert.deepEqual(decode(g.model({ method: "none" }, ["tests", "1"])), {
    irVersion: 9,
    producerName: "tests",
    producerVersion: "1",
    opsetImport: [{ version: 20 }],
    metadataProps: [{ key: "method", value: "none" }],
    graph: {
      name: "scores",
      node: [
        {
          input: ["x", "w"],
          output: ["Gemm.0"],
          name: "Gemm.0",
          opType: "Gemm",
          attribute: [{ name: "transB", i: 1, type: 2 }, { name: "alpha", f: 0.5, type: 1 }],
        },
        { input: ["Gemm.0"], output: ["Relu.1"], name: "Relu.1", opType: "Relu" },
        { input: ["Relu.1"], output: ["y"], name: "y", opType: "Identity" },
      ],
      initializer: [
        { dims: [1, 2], dataType: 1, name: "w", rawData: [0, 0, 128, 63, 0, 0, 0, 192] },
        { dims: [1], dataType: 7, name: "whole.-1", rawData: Array(8).fill(255) },
      ],
      input: [{ name: "x", type: shape({ dimParam: "batch" }, { dimValue: 2 }) }],
      output: [{ name: "y", type: shape({ dimParam: "batch" }, { dimValue: 1 }) }],
    },
  });
});
