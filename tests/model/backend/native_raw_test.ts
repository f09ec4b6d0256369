/** The native engine on machines where no compiler could build our own operations: compositions of TensorFlow's operations. */
import { type NativeBackend, rawKernels } from "../../../model/backend/kernels_native.ts";
import { contract } from "./contract.ts";

await contract("native", ["native, unfused", (engine) => ({
  ...engine,
  kernels: rawKernels(engine.tf, engine.tf.backend() as unknown as NativeBackend),
})]);
