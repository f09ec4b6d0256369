/**
 * WebAssembly: nothing to install; its files come with its npm package.
 *
 * @module
 */
import { plainKernels } from "../kernels_plain.ts";
import type { Backend } from "../types.ts";
import { loadCore, select } from "./core.ts";
import { registerSegmentSum, wasmMemory } from "./segment_sum.ts";

// Its thread pool starts workers in a way that Deno does not have.
const device = "CPU, 1 thread, WebAssembly";

export const wasm: Backend = {
  name: "wasm",
  find: () => Promise.resolve({ found: true, device }),
  async open() {
    const tf = await loadCore();
    await import("@tensorflow/tfjs-backend-wasm");
    registerSegmentSum(tf, "wasm", wasmMemory);
    await select(tf, "wasm");
    const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");
    return {
      tf,
      kernels: plainKernels(tf),
      device: simd ? `${device} with SIMD` : device,
      version: `tfjs ${tf.version_core}`,
    };
  },
};
