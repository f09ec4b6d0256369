/**
 * The engine in plain TypeScript: always available, slow.
 *
 * @module
 */
import { plainKernels } from "../kernels_plain.ts";
import type { Backend } from "../types.ts";
import { loadCore, select } from "./core.ts";
import { cpuMemory, registerSegmentSum } from "./segment_sum.ts";

const device = "CPU, 1 thread, JavaScript";

export const cpu: Backend = {
  name: "cpu",
  find: () => Promise.resolve({ found: true, device }),
  async open() {
    const tf = await loadCore();
    await import("@tensorflow/tfjs-backend-cpu");
    registerSegmentSum(tf, "cpu", cpuMemory);
    await select(tf, "cpu");
    // Its first operation would print an advertisement of other packages.
    (tf.backend() as unknown as { firstUse: boolean }).firstUse = false;
    return {
      tf,
      kernels: plainKernels(tf),
      device,
      threads: 1,
      isOnGpu: false,
      version: `tfjs ${tf.version_core}`,
    };
  },
};
