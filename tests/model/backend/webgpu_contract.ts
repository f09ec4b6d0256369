import { strict as assert } from "node:assert";
import { openEngine } from "../../../model/backend/engine.ts";
import { checkTrains } from "../../../model/backend/trains.ts";
import { contract } from "./contract.ts";
import { registerFor } from "./register.ts";
import { sequenceContract } from "./sequence_contract.ts";

/** The parts of WebGPU's device that are needed here; its types are not loaded. */
interface Device {
  queue: { onSubmittedWorkDone(): Promise<void> };
  destroy(): void;
}

// Released, since otherwise a driver's threads are still running when the process ends.
Deno.test.afterAll(async () => {
  const { tf } = await openEngine({ engine: "webgpu" });
  const { device } = tf.backend() as unknown as { device: Device };
  await device.queue.onSubmittedWorkDone();
  device.destroy();
});

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
