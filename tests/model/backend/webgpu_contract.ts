import { strict as assert } from "node:assert";
import { checkTrains } from "../../../model/backend/trains.ts";
import { contract } from "./contract.ts";
import { registerFor } from "./register.ts";
import { sequenceContract } from "./sequence_contract.ts";

await contract("webgpu");
await sequenceContract("webgpu");

(await registerFor("webgpu"))(
  "what it computes cannot be read at once, and so it does not train",
  (engine) => {
    const computed = engine.tf.square(engine.tf.tensor1d([1, 2]));
    assert.throws(() => computed.dataSync());
    assert.throws(() => checkTrains(engine.name), { name: "InputError" });
  },
);
