/** The native engine as it is where no compiler made our own operations: TensorFlow's, composed. */
import { type NativeBackend, rawKernels } from "../../../model/backend/kernels_native.ts";
import { sequenceContract } from "./sequence_contract.ts";

await sequenceContract("native", ["native, unfused", (engine) => ({
  ...engine,
  kernels: rawKernels(engine.tf, engine.tf.backend() as unknown as NativeBackend),
})]);
